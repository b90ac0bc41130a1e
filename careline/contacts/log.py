"""The append-only log of contacts: its only writer and its only read.

An append is one transaction that locks the contact's row, so that numbers have no
gaps and no two writers see the same state; what is visible of a log is always its
unbroken beginning. What `body` holds:

==================  ===========================================================
opened              channel, language, topic
visitor_message     text
flag                of (number of the message), level, rank, rules, several (urgent signs
                    together), spans, rules_version
card_dismissed      nothing
offered             to, name, until, because (codes of routing.decide)
declined            offer (its number), name
offer_lapsed        offer, to, why
accepted            name (as the visitor sees it)
assigned            to, name (of who gets it), by (name of the supervisor)
released            from, name, why; the contact keeps its place. A transfer adds reason, and
                    topic and language where they change
invited             to, name, by (who asks), reason, until; staff only, as are:
invitation_over     invitation (its number), why
consulted, whisper  text, name: words among staff
note                text, name
follow_up_set       follow_up (id), due, for (name), name
follow_up_done      follow_up, outcome, name
joined              who, as, name; the visitor is told, as of:
left                who, name, why
handed_over         from, by (name), to, name
reading_shared      questions (texts), pages (url, title): with the visitor's consent
earlier_shared      on (the day of the earlier contact); which one is kept aside
idle_warned         minutes (until the conversation is closed)
closed_early        nothing; chat was closed at once while this contact waited
open_again          nothing; the same is over
specialist_message  text, name
approved_sentence   sentence, text, page, url, revision, reviewed_on, reviewer, sources, name
call_attempt        outcome, name
call_planned        from, until, part (of the day), zone (the visitor's, if known), why
call_due            nothing
visitor_file        key, type, bytes, number
wrapped_up          skipped, where none is kept; else nothing: the record is kept aside
ended               by, reason
==================  ===========================================================
"""

import datetime as dt
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from careline.contacts import log_rows, metrics
from careline.contacts.danger import flag_body
from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.errors import (
    ClientIdTaken,
    ContactMissing,
    ContactMoved,
    ContactRefused,
)
from careline.contacts.log_rows import Stamp, Standing
from careline.contacts.models import STATE_FIELDS, Contact, ContactEvent
from careline.contacts.state import State, derive, follow, refusal
from careline.contacts.wakeup import wake
from careline.core import clock

# One condition for the contacts at each position; SQLite takes no expression deeper than 1,000.
_READ_TOGETHER = 100
_KEPT_FIELDS = [*(name.removesuffix("_id") for name in STATE_FIELDS), "delete_after"]
# By it every process that remembers the row as it was sees that it isn't so any more.
_A_TRIFLE = dt.timedelta(microseconds=1)
_ClientKey = tuple[uuid.UUID, str]
# What an author chose to say; the rest of a body follows from it.
_SAID = ("text", "sentence", "outcome")


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that somebody would like to add.

    With `only_after` it is refused (ContactMoved) unless that is the log's last number:
    for whoever concludes something from what hasn't happened.
    """

    contact_id: uuid.UUID
    kind: EventKind
    author_kind: AuthorKind
    body: dict[str, Any] = field(default_factory=dict)
    author_id: int | None = None
    client_id: str | None = None
    only_after: int | None = None


def append(draft: Draft) -> ContactEvent:
    """Add one event and return it as stored.

    A retry with the same client id returns the event that is stored already. Raises
    ContactRefused when the contact's state doesn't allow the event.
    """
    [result] = append_batch([draft])
    if isinstance(result, ContactRefused):
        raise result
    return result


def append_batch(drafts: Sequence[Draft]) -> list[ContactEvent | ContactRefused]:
    """Add events in one transaction; for each draft, in order, what is stored or why not.

    One draft's refusal leaves the others standing. Each visitor's message is assessed,
    and a sign of danger is stored as a flag right after it.
    """
    if not drafts:
        return []
    flags = _assess(drafts)
    began = time.perf_counter()
    with transaction.atomic():
        batch = _Batch.lock(drafts)
        results = [batch.add(draft, flag) for draft, flag in zip(drafts, flags, strict=True)]
        batch.store()
        transaction.on_commit(lambda: _count(len(drafts), began, batch.fresh))
    return results


def _count(drafts: int, began: float, fresh: Sequence[ContactEvent]) -> None:
    metrics.appended(drafts, time.perf_counter() - began, fresh)


def after(contact_id: uuid.UUID, seq: int = 0) -> list[ContactEvent]:
    """Return the events of a contact that follow number `seq`, in order.

    The one read: first load, reconnect, polling and the page without JavaScript.
    """
    return after_many({contact_id: seq})[contact_id]


def after_many(positions: Mapping[uuid.UUID, int]) -> dict[uuid.UUID, list[ContactEvent]]:
    """Return `after(contact, seq)` for several contacts, in few queries."""
    found: dict[uuid.UUID, list[ContactEvent]] = {contact_id: [] for contact_id in positions}
    standing: dict[int, list[uuid.UUID]] = defaultdict(list)
    for contact_id, seq in positions.items():
        standing[seq].append(contact_id)
    groups = [Q(contact_id__in=ids, seq__gt=seq) for seq, ids in standing.items()]
    for start in range(0, len(groups), _READ_TOGETHER):
        wanted = Q(*groups[start : start + _READ_TOGETHER], _connector=Q.OR)
        for event in ContactEvent.objects.filter(wanted).order_by("contact_id", "seq"):
            found[event.contact_id].append(event)
    return found


def number_in(asked: str) -> int:
    """Return the number after which a reader asks to go on; 0, the start, for nonsense."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0


def last_numbers(contact_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return the number of the last event of each contact: what polling looks at."""
    rows = Contact.objects.filter(pk__in=list(contact_ids)).values_list("pk", "last_seq")
    return dict(rows)


def rebuild(contact_id: uuid.UUID) -> State:
    """Derive the contact's state anew from its log, keep it on the row and return it.

    Raises ContactMissing for a log that was deleted at the end of its retention.
    """
    mend(contact_id, keep=True)
    return Contact.objects.get(pk=contact_id).state


def mend(contact_id: uuid.UUID, *, keep: bool) -> bool:
    """Return whether the row was not what its log says; with `keep` it then is.

    Raises ContactMissing for a log that was deleted at the end of its retention.
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
        if contact is None or contact.transcript_purged_at:
            raise ContactMissing
        told = derive(after(contact_id))
        differs = contact.state != told
        if differs and keep:
            contact.keep(told)
            contact.delete_after += _A_TRIFLE
            contact.save(update_fields=_KEPT_FIELDS)
    return differs


def _assess(drafts: Sequence[Draft]) -> list[dict[str, Any] | None]:
    # Before the transaction: nobody waits for a lock while words are being looked at.
    return [
        flag_body(draft.body["text"]) if draft.kind is EventKind.VISITOR_MESSAGE else None
        for draft in drafts
    ]


def transcript_delete_after(now: dt.datetime) -> dt.datetime:
    """Return when a log whose last event is of `now` is to be deleted."""
    return now + dt.timedelta(days=settings.RETENTION_DAYS_TRANSCRIPT)


@dataclass
class _Batch:
    """The contacts of one transaction, locked, and what is being added to their logs."""

    standings: dict[uuid.UUID, Standing]
    states: dict[uuid.UUID, State]
    now: dt.datetime
    known: dict[_ClientKey, ContactEvent] = field(default_factory=dict)
    fresh: list[ContactEvent] = field(default_factory=list)

    @classmethod
    def lock(cls, drafts: Sequence[Draft]) -> "_Batch":
        """Lock the contacts that these drafts are for."""
        standings = log_rows.lock({draft.contact_id for draft in drafts})
        states = {pk: standing.state for pk, standing in standings.items()}
        return cls(standings, states, clock.now())

    def add(self, draft: Draft, flag: dict[str, Any] | None) -> ContactEvent | ContactRefused:
        """Add one draft to the log if its contact's state allows it."""
        state = self.states.get(draft.contact_id)
        if state is None:
            return ContactMissing()
        if draft.client_id and (stored := self._stored(draft.contact_id, draft.client_id)):
            return stored if _is_retry(stored, draft) else ClientIdTaken()
        if refused := refusal(draft.contact_id, state, draft.kind, draft.body):
            return refused
        if draft.only_after is not None and draft.only_after != state.last_seq:
            return ContactMoved()
        event = self._write(draft)
        if flag:
            service = Draft(draft.contact_id, EventKind.FLAG, AuthorKind.SERVICE)
            self._write(service, {"of": event.seq, **flag})
        return event

    def _stored(self, contact_id: uuid.UUID, client_id: str) -> ContactEvent | None:
        """Return the event that has this id already, stored or about to be."""
        if client_id in self.standings[contact_id].client_ids:
            return ContactEvent.objects.get(contact_id=contact_id, client_id=client_id)
        return self.known.get((contact_id, client_id))

    def _write(self, draft: Draft, body: dict[str, Any] | None = None) -> ContactEvent:
        state = self.states[draft.contact_id]
        event = _event(
            draft.contact_id,
            state.last_seq + 1,
            draft.kind,
            draft.author_kind,
            draft.author_id,
            draft.client_id,
            draft.body if body is None else body,
            self.now,
        )
        self.states[draft.contact_id] = follow(state, event)
        self.fresh.append(event)
        if draft.client_id:
            self.known[draft.contact_id, draft.client_id] = event
        return event

    def store(self) -> None:
        """Write the events, and the state that follows from them to their contacts' rows."""
        if not self.fresh:
            return
        log_rows.add_events(self.fresh)
        grown = {event.contact_id for event in self.fresh}
        changes = [(pk, self.standings[pk].state, self.states[pk]) for pk in sorted(grown)]
        until = transcript_delete_after(self.now)
        stamps = log_rows.keep_states(changes, until)
        transaction.on_commit(partial(self._committed, stamps))

    def _committed(self, stamps: Mapping[uuid.UUID, Stamp]) -> None:
        """Remember how the contacts stand now, and tell who listens."""
        for (contact_id, client_id), event in self.known.items():
            self.standings[contact_id].client_ids[client_id] = event.seq
        log_rows.memory.keep(
            {
                pk: Standing(stamp, self.states[pk], self.standings[pk].client_ids)
                for pk, stamp in stamps.items()
            }
        )
        wake(self.fresh)


def _event(*columns: Any) -> ContactEvent:
    """Return an event of its columns' values in their order: names take three times as long."""
    make: Callable[..., ContactEvent] = ContactEvent
    return make(None, *columns)


def _is_retry(stored: ContactEvent, draft: Draft) -> bool:
    """Return whether the draft is the stored event once more, not another under its id."""
    same_author = (stored.author_kind, stored.author_id) == (draft.author_kind, draft.author_id)
    return (
        same_author
        and stored.kind == draft.kind
        and all(stored.body.get(part) == draft.body.get(part) for part in _SAID)
    )
