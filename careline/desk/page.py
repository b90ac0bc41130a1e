"""What the middle and the right column show of one contact."""

import uuid
from collections.abc import Sequence
from typing import Any

from careline.accounts.models import Staff
from careline.contacts.earlier import earlier_of
from careline.contacts.enums import AttemptOutcome, Channel, EventKind, Status
from careline.contacts.models import Contact, ContactDetails, ContactEvent, ContactRecord
from careline.contacts.permissions import may_speak
from careline.core import clock
from careline.desk.find import Found
from careline.desk.forms import AttemptForm, EndForm, RecordForm, WordsForm
from careline.desk.marks import flags_in
from careline.desk.offers import people_to_give_to
from careline.desk.queue import queue_item
from careline.desk.reading import latest_words, lines_of, open_transcript, read_on
from careline.desk.suggestions import suggestions_for
from careline.desk.team import notes_in, shared_reading, team_context, team_of


def preview_context(contact: Contact, me: Staff) -> dict[str, Any]:
    """Return what may be seen before the contact is accepted."""
    return {
        "contact": contact,
        "item": queue_item(me, contact),
        "open_contact_id": str(contact.pk),
        "give_to": people_to_give_to(contact, clock.now()),
        "team": team_of(contact, me),
    }


def conversation_context(
    contact: Contact,
    me: Staff,
    *,
    words: WordsForm | None = None,
    record: RecordForm | None = None,
    attempt: AttemptForm | None = None,
    found: Found | None = None,
    **team_forms: Any,
) -> dict[str, Any]:
    """Return all of a contact, with forms that are being corrected. Leaves an audit row."""
    events = open_transcript(contact, acting_user=me)
    details = ContactDetails.objects.filter(contact=contact).first()
    kept = ContactRecord.objects.filter(contact=contact).first()
    return {
        **preview_context(contact, me),
        "lines": lines_of(events),
        "last_seq": events[-1].seq if events else 0,
        "details": details,
        "mine": contact.assignee_id == me.pk,
        "is_open": contact.status == Status.ASSIGNED,
        "words": words or WordsForm(initial={"client_id": _client_id("words")}),
        "attempt": attempt or AttemptForm(initial={"client_id": _client_id("attempt")}),
        "attempts": sum(1 for event in events if event.kind == EventKind.CALL_ATTEMPT),
        "end": EndForm(channel=contact.channel),
        "record": record or RecordForm.showing(kept),
        "kept": kept,
        "found": found,
        "outcomes": AttemptOutcome.choices,
        "notes": notes_in(events),
        **team_context(contact, me, **team_forms),
        **_aside(contact, events, me),
    }


def aside_context(contact: Contact, me: Staff) -> dict[str, Any]:
    """Return the flags and the sentences that fit the visitor's latest words."""
    return _aside(contact, read_on(contact, 0, acting_user=me), me)


def _aside(contact: Contact, events: Sequence[ContactEvent], me: Staff) -> dict[str, Any]:
    talking = contact.status == Status.ASSIGNED and contact.channel == Channel.CHAT
    words = latest_words(events) if talking else ""
    return {
        "flags": flags_in(events),
        "team": team_of(contact, me),
        "speaks": may_speak(me, contact),
        "shared": shared_reading(events),
        "earlier": earlier_of(contact),
        "talking": talking,
        "latest": words,
        "suggestions": suggestions_for(words, contact.language),
    }


def _client_id(start: str) -> str:
    return f"{start}-{uuid.uuid4().hex}"
