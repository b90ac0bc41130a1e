"""Every write of the contacts department, one verb each.

`acting_user` is the member of staff who does it, None for a visitor or the service.
Opening, accepting, wrapping up and ending leave a row in the audit trail; messages
don't: they are rows of a log that can't be edited.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction

from careline.accounts.models import Staff
from careline.contacts import callbacks, presence
from careline.contacts import log as contact_log
from careline.contacts.call_times import CallTime
from careline.contacts.enums import (
    AttemptOutcome,
    AuthorKind,
    CallbackWindow,
    Channel,
    EndReason,
    EventKind,
    Status,
)
from careline.contacts.errors import (
    ClientIdTaken,
    ContactEnded,
    ContactMissing,
    ContactMoved,
    ContactNotAccepted,
    NotAllowed,
    NotThere,
)
from careline.contacts.log import Draft, transcript_delete_after
from careline.contacts.models import Contact, ContactDetails, ContactEvent, ContactRecord
from careline.contacts.permissions import may_accept, may_conclude, may_speak
from careline.contacts.routing.soon import route_soon
from careline.contacts.sentences import citation
from careline.contacts.shared_reading import Shared
from careline.core import audit, clock
from careline.core.events import Event, log
from careline.core.text import clean


@dataclass(frozen=True)
class Details:
    """How to reach a person and what to call them; everything may be left out."""

    name: str = ""
    phone: str = ""
    email: str = ""
    window: CallbackWindow | None = None
    voicemail_ok: bool = False


@dataclass(frozen=True)
class Record:
    """The answers of the wrap-up; "" where nobody asked, NOT_SAID where it was refused."""

    caller_type: str = ""
    cancer_type: str = ""
    subject: str = ""
    found_us: str = ""
    disposition: str = ""


def open_chat(
    *,
    acting_user: None = None,
    language: str,
    topic: str,
    name: str,
    text: str,
    start_id: str,
    shared: Shared | None = None,
) -> Contact:
    """Open a live conversation with its first message; `text` may be empty.

    `shared` is what the visitor lets the specialist see of what they read and asked. The same
    form again, with its `start_id`, returns the contact that it opened; changed words are
    another form.
    """
    more = [shared.draft] if shared else []
    return _open(Channel.CHAT, language, topic, text, start_id, Details(name=clean(name)), *more)


def request_callback(
    *,
    acting_user: None = None,
    language: str,
    topic: str,
    text: str,
    start_id: str,
    details: Details,
    time: CallTime | None = None,
    zone: str = "",
) -> Contact:
    """Store that somebody wants to be called back; `details` has the number (E.164).

    `time` is the window that they chose (the next of `details.window` where they chose none),
    `zone` the IANA name of their own time zone, if known.
    """
    part = details.window or CallbackWindow.ANY

    def plan(contact_id: uuid.UUID) -> Draft:
        return callbacks.first_plan(contact_id, time, part=part, zone=zone)

    key = time.key if time else ""
    return _open(Channel.CALLBACK, language, topic, text, start_id, details, plan, form=key)


def leave_message(
    *,
    acting_user: None = None,
    language: str,
    topic: str,
    text: str,
    start_id: str,
    details: Details,
) -> Contact:
    """Store a message; without an email address nobody can answer it, and that is allowed."""
    return _open(Channel.MESSAGE, language, topic, text, start_id, details)


def _open(
    channel: Channel,
    language: str,
    topic: str,
    text: str,
    start_id: str,
    details: Details,
    *more: Callable[[uuid.UUID], Draft],
    form: object = "",
) -> Contact:
    """Open a contact once; `more` makes further events of it, `form` is what else was filled in."""
    now = clock.now()
    with transaction.atomic():
        contact, new = Contact.objects.get_or_create(
            start_id=_form_key(start_id, channel, topic, text, details, form),
            defaults=_beginning(channel, language, topic, now),
        )
        if new:
            _begin_log(contact, text, [make(contact.pk) for make in more])
            _keep_details(contact, details, now)
            audit.record("contact.open", contact, acting_user=None, channel=channel.value)
            route_soon()
            transaction.on_commit(lambda: log(Event.CONTACT_OPENED, channel=channel.value))
    contact.refresh_from_db()
    return contact


def _form_key(start_id: str, *filled_in: object) -> str:
    """Return the key of a form as it was filled in.

    Somebody who goes back, changes a word and sends again has something else to say.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repr((start_id, *filled_in))))


def _beginning(channel: Channel, language: str, topic: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "channel": channel,
        "language": language,
        "topic": topic,
        "opened_at": now,
        "delete_after": transcript_delete_after(now),
        "statistics_delete_after": now + dt.timedelta(days=settings.RETENTION_DAYS_STATISTICS),
    }


def _begin_log(contact: Contact, text: str, more: Sequence[Draft]) -> None:
    facts = {"channel": contact.channel, "language": contact.language, "topic": contact.topic}
    drafts = [Draft(contact.pk, EventKind.OPENED, AuthorKind.SERVICE, facts), *more]
    if words := clean(text):
        drafts.append(_visitor_words(contact.pk, words, client_id="first"))
    contact_log.append_batch(drafts)


def _keep_details(contact: Contact, details: Details, now: dt.datetime) -> None:
    ContactDetails.objects.create(
        contact=contact,
        name=details.name,
        phone=details.phone,
        email=details.email,
        window=details.window or "",
        voicemail_ok=details.voicemail_ok,
        delete_after=now + dt.timedelta(days=settings.RETENTION_DAYS_CONTACT_DETAILS),
    )


def _visitor_words(contact_id: uuid.UUID, text: str, *, client_id: str) -> Draft:
    body = {"text": text}
    kind = EventKind.VISITOR_MESSAGE
    return Draft(contact_id, kind, AuthorKind.VISITOR, body, client_id=client_id)


def send_visitor_message(
    *, acting_user: None = None, contact_id: uuid.UUID, text: str, client_id: str
) -> ContactEvent:
    """Add what the visitor wrote; a retry with the same client id returns what is stored.

    Raises ContactEnded or ContactMissing.
    """
    return _say(_visitor_words(contact_id, clean(text), client_id=client_id))


def _say(draft: Draft) -> ContactEvent:
    """Add somebody's words; others under the same client id are another message.

    A page that was gone back to sends its old id with new words: they may not be lost.
    """
    try:
        return contact_log.append(draft)
    except ClientIdTaken:
        other = uuid.uuid5(uuid.NAMESPACE_OID, repr((draft.client_id, draft.body["text"])))
        return contact_log.append(replace(draft, client_id=other.hex))


def dismiss_card(*, acting_user: None = None, contact_id: uuid.UUID) -> ContactEvent:
    """Note that the visitor put the care card away; a new sign of danger brings one back."""
    return contact_log.append(Draft(contact_id, EventKind.CARD_DISMISSED, AuthorKind.VISITOR))


def accept(*, acting_user: Staff, contact_id: uuid.UUID) -> Contact:
    """Take a waiting contact.

    Raises ContactTaken for everybody but the first (the taker's own second click
    included; `assignee_id` says who has it), ContactEnded, ContactMissing, NotAllowed.
    """
    contact = _contact(contact_id)
    if not may_accept(acting_user, contact):
        raise NotAllowed
    with transaction.atomic():
        # Holds the person's row first: no offer is made to them at the same moment.
        presence.note_answered(acting_user, clock.now())
        contact_log.append(_by_staff(acting_user, contact_id, EventKind.ACCEPTED, {}))
        route_soon()
        audit.record("contact.accept", contact, acting_user=acting_user)
        transaction.on_commit(lambda: log(Event.CONTACT_ACCEPTED, contact=contact_id))
    return _contact(contact_id)


def send_specialist_message(
    *, acting_user: Staff, contact_id: uuid.UUID, text: str, client_id: str
) -> ContactEvent:
    """Add what the specialist wrote.

    Raises NotAllowed, NotThere (a supervisor who hasn't joined), ContactNotAccepted,
    ContactEnded or ContactMissing.
    """
    _check_speaks(acting_user, contact_id)
    return _say(specialist_words(acting_user, contact_id, text, client_id))


def specialist_words(staff: Staff, contact_id: uuid.UUID, text: str, client_id: str) -> Draft:
    """Return the draft of a specialist's message: for callers who have checked the right."""
    body = {"text": clean(text)}
    return _by_staff(staff, contact_id, EventKind.SPECIALIST_MESSAGE, body, client_id)


def visitor_words(contact_id: uuid.UUID, text: str, client_id: str) -> Draft:
    """Return the draft of a visitor's message: for callers who have checked the token."""
    return _visitor_words(contact_id, clean(text), client_id=client_id)


def send_approved_sentence(
    *, acting_user: Staff, contact_id: uuid.UUID, sentence_id: str, client_id: str
) -> ContactEvent:
    """Add a reviewed sentence with its citation, as it stands at this moment.

    Raises SentenceNotApproved, and what `send_specialist_message` raises.
    """
    _check_speaks(acting_user, contact_id)
    body = citation(sentence_id)
    kind = EventKind.APPROVED_SENTENCE
    return contact_log.append(_by_staff(acting_user, contact_id, kind, body, client_id))


def log_attempt(
    *, acting_user: Staff, contact_id: uuid.UUID, outcome: AttemptOutcome, client_id: str
) -> ContactEvent:
    """Note what came of trying to reach the person: for callbacks and messages.

    Raises what `send_specialist_message` raises.
    """
    _check_concludes(acting_user, contact_id)
    body = {"outcome": outcome.value}
    kind = EventKind.CALL_ATTEMPT
    return contact_log.append(_by_staff(acting_user, contact_id, kind, body, client_id))


def wrap_up(*, acting_user: Staff, contact_id: uuid.UUID, record: Record) -> ContactRecord:
    """Keep the record of a contact; a second time corrects it. Raises NotAllowed."""
    contact = _contact(contact_id)
    if not may_conclude(acting_user, contact):
        raise NotAllowed
    now = clock.now()
    delete_after = now + dt.timedelta(days=settings.RETENTION_DAYS_STATISTICS)
    answers = {**vars(record), "staff": acting_user, "recorded_at": now}
    with transaction.atomic():
        kept, _new = ContactRecord.objects.update_or_create(
            contact=contact, defaults={**answers, "delete_after": delete_after}
        )
        contact_log.append(_by_staff(acting_user, contact_id, EventKind.WRAPPED_UP, {}))
        audit.record("contact.wrap_up", contact, acting_user=acting_user)
        presence.record_done(acting_user, now)
    return kept


def skip_record(*, acting_user: Staff, contact_id: uuid.UUID) -> None:
    """Leave an ended contact without a record, so that its specialist goes on.

    One that is kept already stays, and it can still be kept later. Raises NotAllowed,
    ContactMissing, ContactMoved while the contact goes on.
    """
    contact = _contact(contact_id)
    if not may_conclude(acting_user, contact):
        raise NotAllowed
    if not contact.has_ended:
        raise ContactMoved
    with transaction.atomic():
        if contact.wrapped_up_at is None:
            skipped = {"skipped": True}
            contact_log.append(_by_staff(acting_user, contact_id, EventKind.WRAPPED_UP, skipped))
            audit.record("contact.skip_record", contact, acting_user=acting_user)
        presence.record_done(acting_user, clock.now())


def end(
    *,
    acting_user: Staff | None,
    contact_id: uuid.UUID,
    by: AuthorKind,
    reason: EndReason = EndReason.FINISHED,
) -> Contact:
    """End a contact. Ending one that has ended changes nothing.

    `acting_user` is None when the visitor or the service ends it. Raises NotAllowed,
    ContactMissing.
    """
    if by is AuthorKind.SPECIALIST and acting_user is not None:
        _check_concludes(acting_user, contact_id)
    elif by is AuthorKind.SPECIALIST or acting_user is not None:
        raise NotAllowed
    author_id = acting_user.pk if acting_user else None
    body = {"by": by.value, "reason": reason.value}
    with transaction.atomic():
        contact = _contact(contact_id)
        presence.hold(contact.assignee_id)
        try:
            contact_log.append(Draft(contact_id, EventKind.ENDED, by, body, author_id))
        except ContactEnded:
            return contact
        presence.begin_record(contact, clock.now())
        audit.record("contact.end", contact, acting_user=acting_user, by=by.value)
        route_soon()
        transaction.on_commit(lambda: log(Event.CONTACT_ENDED, by=by.value))
    return _contact(contact_id)


def _contact(contact_id: uuid.UUID) -> Contact:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise ContactMissing
    return contact


def _check_speaks(staff: Staff, contact_id: uuid.UUID) -> None:
    contact = _contact(contact_id)
    if may_speak(staff, contact):
        return
    if not may_conclude(staff, contact):
        raise NotAllowed
    # A supervisor who looks in: the visitor doesn't know that they are there.
    raise NotThere if contact.status == Status.ASSIGNED else ContactNotAccepted


def _check_concludes(staff: Staff, contact_id: uuid.UUID) -> None:
    if not may_conclude(staff, _contact(contact_id)):
        raise NotAllowed


def _by_staff(
    staff: Staff,
    contact_id: uuid.UUID,
    kind: EventKind,
    body: dict[str, Any],
    client_id: str | None = None,
) -> Draft:
    named = {**body, "name": staff.shown_name}
    return Draft(contact_id, kind, AuthorKind.SPECIALIST, named, staff.pk, client_id)
