"""What staff note on a contact for each other; no visitor ever sees it."""

import uuid

from careline.accounts.models import Staff
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.errors import ContactMissing, NotAllowed
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.permissions import may_read
from careline.core.text import clean


def add_note(
    *, acting_user: Staff, contact_id: uuid.UUID, text: str, client_id: str
) -> ContactEvent:
    """Add a note, also after the end; it is deleted with the contact's words.

    Raises NotAllowed for who may not read the contact, ContactMissing.
    """
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise ContactMissing
    if not may_read(acting_user, contact):
        raise NotAllowed
    body = {"text": clean(text), "name": acting_user.shown_name}
    kind, side = EventKind.NOTE, AuthorKind.SPECIALIST
    return contact_log.append(Draft(contact_id, kind, side, body, acting_user.pk, client_id))
