"""What people do about offers and assignments; accepting is in contacts.actions."""

import uuid

from django.db import transaction

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts, may_supervise
from careline.contacts import log as contact_log
from careline.contacts import presence
from careline.contacts.enums import AuthorKind, EventKind, ReleaseReason
from careline.contacts.errors import ContactMissing, NotAllowed, OfferGone
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.routing.soon import route_soon
from careline.core import audit, clock
from careline.core.events import Event, log


def decline(*, acting_user: Staff, contact_id: uuid.UUID, offer: int) -> ContactEvent:
    """Pass on an offer; `offer` is its number in the log. The next person is asked at once.

    Raises OfferGone (answered, lapsed or somebody else's), ContactMissing, NotAllowed.
    """
    if not may_serve_contacts(acting_user):
        raise NotAllowed
    contact = _contact(contact_id)
    if contact.offered_to_id != acting_user.pk:
        raise OfferGone
    body = {"offer": offer, "name": acting_user.shown_name}
    with transaction.atomic():
        presence.note_answered(acting_user, clock.now())
        event = contact_log.append(_by(acting_user, contact_id, EventKind.DECLINED, body))
        route_soon()
    return event


def assign(*, acting_user: Staff, contact_id: uuid.UUID, to: Staff) -> Contact:
    """Give a contact, waiting or somebody's, to a person at the desk. For supervisors.

    Raises NotAllowed (also when `to` may not serve contacts), ContactTaken when it is with
    them already, ContactEnded, ContactMissing.
    """
    if not may_supervise(acting_user) or not may_serve_contacts(to):
        raise NotAllowed
    contact = _contact(contact_id)
    body = {"to": to.pk, "name": to.shown_name, "by": acting_user.shown_name}
    with transaction.atomic():
        contact_log.append(_by(acting_user, contact_id, EventKind.ASSIGNED, body))
        audit.record("contact.assign", contact, acting_user=acting_user, to=to.pk)
        transaction.on_commit(lambda: log(Event.CONTACT_ASSIGNED, contact=contact_id))
        route_soon()
    return _contact(contact_id)


def hand_back(*, acting_user: Staff, contact_id: uuid.UUID) -> Contact:
    """Give one's own contact back to the queue, where it keeps its place.

    Raises NotAllowed when it is somebody else's, ContactEnded, ContactMissing.
    """
    contact = _contact(contact_id)
    if not may_serve_contacts(acting_user) or contact.assignee_id != acting_user.pk:
        raise NotAllowed
    why = ReleaseReason.HANDED_BACK.value
    body = {"from": acting_user.pk, "name": acting_user.shown_name, "why": why}
    with transaction.atomic():
        contact_log.append(_by(acting_user, contact_id, EventKind.RELEASED, body))
        audit.record("contact.release", contact, acting_user=acting_user, why=why)
        route_soon()
    return _contact(contact_id)


def _contact(contact_id: uuid.UUID) -> Contact:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise ContactMissing
    return contact


def _by(staff: Staff, contact_id: uuid.UUID, kind: EventKind, body: dict[str, object]) -> Draft:
    return Draft(contact_id, kind, AuthorKind.SPECIALIST, body, staff.pk)
