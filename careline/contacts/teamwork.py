"""Several people and one contact: transfer, joining, handing over, asking a supervisor.

A cold transfer puts the contact back into the queue, where it keeps its place: for another
topic or language, or offered to one person first. A warm one asks a colleague to join; whose
contact it was stays until they hand it over. What ends by time alone is in teamwork_clock.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts, may_supervise
from careline.contacts import log as contact_log
from careline.contacts import presence
from careline.contacts.enums import (
    AuthorKind,
    Channel,
    DeskState,
    EventKind,
    JoinedAs,
    LeftBecause,
    NotJoined,
    ReleaseReason,
    Status,
    TransferReason,
)
from careline.contacts.errors import (
    ContactMissing,
    ContactMoved,
    ContactNotAccepted,
    ContactRefused,
    NobodyTrained,
    NotAllowed,
    OfferGone,
    PersonBusy,
)
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactEvent, StaffPresence
from careline.contacts.permissions import may_conclude, may_speak
from careline.contacts.routing import actions as routing
from careline.contacts.routing import snapshot
from careline.contacts.routing.decide import Because, Specialist
from careline.contacts.routing.soon import route_soon
from careline.core import audit, clock
from careline.core.events import Event, log
from careline.core.text import clean


@dataclass(frozen=True)
class Queue:
    """Where a contact waits: for somebody trained for the topic ("" for any) in the language."""

    topic: str
    language: str


def transfer(
    *,
    acting_user: Staff,
    contact_id: uuid.UUID,
    to: Staff | Queue,
    reason: TransferReason,
    said: str = "",
) -> Contact:
    """Let somebody else go on. What is `said` to them stays among staff.

    Where the person doesn't take it in time, the offers go on as for any contact. Raises
    NotAllowed, PersonBusy, NobodyTrained, ContactNotAccepted, ContactEnded, ContactMissing.
    """
    contact = _own(acting_user, contact_id)
    now = clock.now()
    if isinstance(to, Queue):
        _check_somebody_trained(contact, to, now)
    drafts = [_released(contact, acting_user, to, reason)]
    if words := clean(said):
        drafts.insert(0, _by(acting_user, contact_id, EventKind.NOTE, text=words))
    with transaction.atomic():
        if isinstance(to, Staff):
            _hold_free(to, now)
            drafts.append(_offered_directly(contact_id, to, reason, now))
        _append_all(drafts)
        audit.record("contact.transfer", contact, acting_user=acting_user, why=reason.value)
        transaction.on_commit(lambda: log(Event.CONTACT_RELEASED, contact=contact_id))
        route_soon()
    return _contact(contact_id)


def _released(
    contact: Contact, acting_user: Staff, to: Staff | Queue, reason: TransferReason
) -> Draft:
    name = contact.assignee.shown_name if contact.assignee else ""
    why = ReleaseReason.TRANSFERRED.value
    body = {"from": contact.assignee_id, "name": name, "why": why, "reason": reason.value}
    if isinstance(to, Queue):
        body |= {"topic": to.topic, "language": to.language}
    return Draft(contact.pk, EventKind.RELEASED, AuthorKind.SPECIALIST, body, acting_user.pk)


def _offered_directly(
    contact_id: uuid.UUID, to: Staff, reason: TransferReason, now: dt.datetime
) -> Draft:
    body = {
        "to": to.pk,
        "name": to.shown_name,
        "until": answer_until(now).isoformat(),
        "because": [Because.COLLEAGUE_ASKS.value],
        "reason": reason.value,
    }
    return Draft(contact_id, EventKind.OFFERED, AuthorKind.SERVICE, body)


def answer_until(now: dt.datetime) -> dt.datetime:
    """Return until when somebody who is asked now can answer."""
    return now + dt.timedelta(seconds=settings.OFFER_SECONDS)


def trained_now(queue: Queue, now: dt.datetime, *, but: int | None = None) -> list[Specialist]:
    """Return who at the desk, away or leaving excepted, is trained for this queue."""
    at = now.timestamp()
    return [
        person
        for person in snapshot.desk(now)
        if person.id != but
        and person.state != DeskState.AWAY
        and (person.leaves_at is None or at < person.leaves_at)
        and person.fit(queue.topic, queue.language, at) is not None
    ]


def _check_somebody_trained(contact: Contact, queue: Queue, now: dt.datetime) -> None:
    # A callback may wait for tomorrow's shift; at the other end of a chat somebody sits.
    if contact.channel == Channel.CHAT and not trained_now(queue, now, but=contact.assignee_id):
        raise NobodyTrained


def _hold_free(person: Staff, now: dt.datetime) -> None:
    """Hold this person's row: nobody else asks them meanwhile. Raises PersonBusy, NotAllowed."""
    if not may_serve_contacts(person):
        raise NotAllowed
    row = StaffPresence.objects.select_for_update().filter(staff=person).first()
    left = row is not None and row.leaves_at is not None and row.leaves_at <= now
    if left or presence.in_effect(row, now) is not DeskState.AVAILABLE:
        raise PersonBusy
    if snapshot.is_asked(person.pk):
        raise PersonBusy


# Together: a colleague asked to join, or a supervisor.


def invite(
    *,
    acting_user: Staff,
    contact_id: uuid.UUID,
    to: Staff,
    reason: TransferReason,
    said: str = "",
) -> Contact:
    """Ask a colleague to join; until they do, and after, the contact stays whose it is.

    Raises NotAllowed, PersonBusy, ContactOffered (somebody is being asked), AlreadyThere,
    ContactNotAccepted, ContactEnded, ContactMissing.
    """
    contact = _own(acting_user, contact_id)
    now = clock.now()
    body = {
        "to": to.pk,
        "name": to.shown_name,
        "by": acting_user.shown_name,
        "reason": reason.value,
        "until": answer_until(now).isoformat(),
    }
    drafts = [Draft(contact_id, EventKind.INVITED, AuthorKind.SPECIALIST, body, acting_user.pk)]
    if words := clean(said):
        drafts.insert(0, _by(acting_user, contact_id, EventKind.NOTE, text=words))
    with transaction.atomic():
        _hold_free(to, now)
        _append_all(drafts)
        audit.record("contact.invite", contact, acting_user=acting_user, to=to.pk)
    return _contact(contact_id)


def join(*, acting_user: Staff, contact_id: uuid.UUID) -> Contact:
    """Join a colleague's conversation: who was asked to, or a supervisor. The visitor is told.

    Raises OfferGone (nobody asks this person any more), AlreadyThere, NotAllowed,
    ContactNotAccepted, ContactEnded, ContactMissing.
    """
    contact = _contact(contact_id)
    invited = contact.invited_id == acting_user.pk
    if not invited and not may_supervise(acting_user):
        raise OfferGone if may_serve_contacts(acting_user) else NotAllowed
    role = JoinedAs.COLLEAGUE if invited else JoinedAs.SUPERVISOR
    body: dict[str, Any] = {"who": acting_user.pk, "as": role.value}
    with transaction.atomic():
        presence.note_answered(acting_user, clock.now())
        contact_log.append(_by(acting_user, contact_id, EventKind.JOINED, **body))
        audit.record("contact.join", contact, acting_user=acting_user, role=role.value)
    return _contact(contact_id)


def decline_invitation(
    *, acting_user: Staff, contact_id: uuid.UUID, invitation: int
) -> ContactEvent:
    """Say no to joining; `invitation` is its number in the log. Raises OfferGone."""
    contact = _contact(contact_id)
    if contact.invited_id != acting_user.pk or not may_serve_contacts(acting_user):
        raise OfferGone
    return _end_invitation(acting_user, contact, invitation, NotJoined.DECLINED)


def take_back_invitation(*, acting_user: Staff, contact_id: uuid.UUID) -> ContactEvent:
    """Ask the colleague no longer. Raises NotAllowed, OfferGone (answered meanwhile)."""
    contact = _own(acting_user, contact_id)
    return _end_invitation(acting_user, contact, contact.invite_seq, NotJoined.TAKEN_BACK)


@transaction.atomic
def _end_invitation(
    acting_user: Staff, contact: Contact, invitation: int, why: NotJoined
) -> ContactEvent:
    body: dict[str, Any] = {"invitation": invitation, "why": why.value}
    event = contact_log.append(_by(acting_user, contact.pk, EventKind.INVITATION_OVER, **body))
    audit.record("contact.invitation_over", contact, acting_user=acting_user, why=why.value)
    route_soon()
    return event


def leave(*, acting_user: Staff, contact_id: uuid.UUID) -> Contact:
    """Leave a colleague's conversation. Raises ContactMoved for who isn't in it, ContactMissing."""
    return _go(acting_user, contact_id, acting_user, LeftBecause.OWN)


def go_on_alone(*, acting_user: Staff, contact_id: uuid.UUID) -> Contact:
    """Go on without the colleague who had joined. Raises NotAllowed, ContactMoved."""
    contact = _own(acting_user, contact_id)
    if contact.second is None:
        raise ContactMoved
    return _go(acting_user, contact_id, contact.second, LeftBecause.TAKEN_BACK)


@transaction.atomic
def _go(acting_user: Staff, contact_id: uuid.UUID, who: Staff, why: LeftBecause) -> Contact:
    contact = _contact(contact_id)
    body = {"who": who.pk, "name": who.shown_name, "why": why.value}
    contact_log.append(
        Draft(contact_id, EventKind.LEFT, AuthorKind.SPECIALIST, body, acting_user.pk)
    )
    audit.record("contact.leave", contact, acting_user=acting_user, who=who.pk, why=why.value)
    route_soon()
    return _contact(contact_id)


def hand_over(*, acting_user: Staff, contact_id: uuid.UUID) -> Contact:
    """Give the contact to the colleague who has joined, and leave it.

    Raises NotAllowed, ContactMoved (nobody is there to take it), ContactEnded, ContactMissing.
    """
    contact = _own(acting_user, contact_id)
    if contact.second is None:
        raise ContactMoved
    draft = handed_over(contact, contact.second, AuthorKind.SPECIALIST, acting_user.pk)
    with transaction.atomic():
        contact_log.append(draft)
        audit.record("contact.hand_over", contact, acting_user=acting_user, to=contact.second.pk)
        route_soon()
    return _contact(contact_id)


def handed_over(contact: Contact, to: Staff, by: AuthorKind, author_id: int | None = None) -> Draft:
    """Return the draft of a contact's going over to somebody who is in it."""
    before = contact.assignee.shown_name if contact.assignee else ""
    body = {"from": contact.assignee_id, "by": before, "to": to.pk, "name": to.shown_name}
    return Draft(contact.pk, EventKind.HANDED_OVER, by, body, author_id)


def take_over(*, acting_user: Staff, contact_id: uuid.UUID) -> Contact:
    """Take a colleague's contact oneself; for supervisors. Raises what `routing.assign` raises."""
    return routing.assign(acting_user=acting_user, contact_id=contact_id, to=acting_user)


# Words among staff.


def consult(
    *, acting_user: Staff, contact_id: uuid.UUID, text: str, client_id: str
) -> ContactEvent:
    """Ask a supervisor about the contact, in words that no visitor ever sees.

    Raises NotAllowed, ContactNotAccepted, ContactEnded, ContactMissing.
    """
    return _among_staff(acting_user, contact_id, EventKind.CONSULTED, text, client_id)


def whisper(
    *, acting_user: Staff, contact_id: uuid.UUID, text: str, client_id: str
) -> ContactEvent:
    """Say something to the colleagues in a contact; supervisors also without joining it.

    Raises what `consult` raises.
    """
    return _among_staff(acting_user, contact_id, EventKind.WHISPER, text, client_id)


def _among_staff(
    staff: Staff, contact_id: uuid.UUID, kind: EventKind, text: str, client_id: str
) -> ContactEvent:
    contact = _contact(contact_id)
    if not may_speak(staff, contact) and not may_supervise(staff):
        raise NotAllowed
    return contact_log.append(_by(staff, contact_id, kind, client_id=client_id, text=clean(text)))


# Helpers.


def _own(staff: Staff, contact_id: uuid.UUID) -> Contact:
    """Return somebody's contact which is this person's, or any for supervisors."""
    contact = _contact(contact_id)
    if not may_conclude(staff, contact):
        raise NotAllowed
    if contact.status == Status.WAITING:
        raise ContactNotAccepted
    return contact


def _contact(contact_id: uuid.UUID) -> Contact:
    people = ("assignee", "second", "supervisor")
    contact = Contact.objects.select_related(*people).filter(pk=contact_id).first()
    if contact is None:
        raise ContactMissing
    return contact


def _append_all(drafts: Sequence[Draft]) -> None:
    """Store all of them; in a transaction, which the first refusal ends."""
    for result in contact_log.append_batch(drafts):
        if isinstance(result, ContactRefused):
            raise result


def _by(
    staff: Staff,
    contact_id: uuid.UUID,
    kind: EventKind,
    *,
    client_id: str | None = None,
    **body: Any,
) -> Draft:
    named = {**body, "name": staff.shown_name}
    return Draft(contact_id, kind, AuthorKind.SPECIALIST, named, staff.pk, client_id)
