"""History only as the visitor wants it: an earlier contact is seen where its code was given."""

import uuid

from django.db import transaction

from careline.contacts import log as contact_log
from careline.contacts import visitor_actions
from careline.contacts.earlier_models import EarlierContact
from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactQuerySet
from careline.core import audit


def link_earlier(*, acting_user: None = None, contact_id: uuid.UUID, code: str) -> bool:
    """Let who serves a contact read the earlier one that this code opens; False for no such code.

    The caller has checked the visitor's token. A second time changes nothing. Raises
    ContactEnded or ContactMissing for the contact itself.
    """
    earlier = visitor_actions.resume(acting_user=acting_user, code=code)
    if earlier is None or earlier.pk == contact_id:
        return False
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
        kept, new = EarlierContact.objects.get_or_create(contact=contact, earlier=earlier)
        if new:
            kind, body = EventKind.EARLIER_SHARED, {"on": earlier.opened_at.date().isoformat()}
            contact_log.append(Draft(contact_id, kind, AuthorKind.VISITOR, body))
            audit.record("contact.link_earlier", kept.contact, acting_user=acting_user)
    return True


def earlier_of(contact: Contact) -> ContactQuerySet:
    """Return the contacts that the visitor let us see with this one, the latest first.

    Those whose words were deleted are left out: there is nothing to read.
    """
    seen = Contact.objects.filter(later_links__contact=contact, transcript_purged_at=None)
    return seen.order_by("-opened_at")
