"""The state of a contact as a pure function of its log.

`follow` is the only place that says what an event means, `refusal` the only one
that says which event may come next. The writer keeps the result on the contact's
row; `derive` over the whole log gives the same (test_state.py proves it).
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Protocol

from careline.contacts import call_steps
from careline.contacts.enums import NEEDS_ASSIGNEE, EventKind, Label, Status
from careline.contacts.errors import (
    AlreadyOpened,
    ContactEnded,
    ContactMissing,
    ContactMoved,
    ContactNotAccepted,
    ContactOffered,
    ContactRefused,
    ContactTaken,
    OfferGone,
)


class Happening(Protocol):
    """What `follow` needs to know about an event."""

    seq: int
    kind: str
    author_id: int | None
    body: dict[str, Any]
    created_at: dt.datetime


@dataclass(frozen=True)
class State:
    """Where a contact stands after its first `last_seq` events.

    `flag_level` and `flag_rank` are those of the worst flag so far; `card_level`
    is the worst since the visitor last put the care card away ("" for none).
    `awaiting_reply_since` is the time of the first visitor's message that no
    specialist has answered yet, `unread_count` how many there are. `answered_at` is when
    somebody took the contact for the first time: it stays whoever has it later. `queued_since` is
    the contact's place: it stays when the contact comes back to the queue.
    `offer_seq` is the number of the open offer, 0 for none. `passed_by` names, once
    for each time, who declined the contact, let its offer lapse or lost it since it
    last was with somebody.
    """

    last_seq: int = 0
    status: str = Status.WAITING
    assignee_id: int | None = None
    waiting_since: dt.datetime | None = None
    queued_since: dt.datetime | None = None
    offer_seq: int = 0
    offered_to_id: int | None = None
    offered_until: dt.datetime | None = None
    passed_by: tuple[int, ...] = ()
    passed_at: dt.datetime | None = None
    release_count: int = 0
    accepted_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    awaiting_reply_since: dt.datetime | None = None
    unread_count: int = 0
    idle_warned_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    end_reason: str = ""
    wrapped_up_at: dt.datetime | None = None
    flag_count: int = 0
    flag_level: str = ""
    flag_rank: int = 0
    card_level: str = ""
    card_rank: int = 0
    call_from: dt.datetime | None = None
    call_until: dt.datetime | None = None
    call_due: bool = False
    calls_missed: int = 0
    last_event_at: dt.datetime | None = None


def derive(events: Iterable[Happening]) -> State:
    """Return the state after these events, which are in the order of the log."""
    return reduce(follow, events, State())


def follow(state: State, event: Happening) -> State:
    """Return the state after one more event."""
    counted = replace(state, last_seq=event.seq, last_event_at=event.created_at)
    step = _STEPS.get(event.kind)
    return step(counted, event) if step else counted


def _opened(state: State, event: Happening) -> State:
    return replace(state, waiting_since=event.created_at, queued_since=event.created_at)


def _visitor_wrote(state: State, event: Happening) -> State:
    return replace(
        state,
        awaiting_reply_since=state.awaiting_reply_since or event.created_at,
        unread_count=state.unread_count + 1,
        idle_warned_at=None,
    )


def _flagged(state: State, event: Happening) -> State:
    level, rank = str(event.body["level"]), int(event.body["rank"])
    state = replace(state, flag_count=state.flag_count + 1)
    if rank > state.flag_rank:
        state = replace(state, flag_level=level, flag_rank=rank)
    if rank > state.card_rank:
        state = replace(state, card_level=level, card_rank=rank)
    return state


def _card_dismissed(state: State, event: Happening) -> State:
    return replace(state, card_level="", card_rank=0)


def _offered(state: State, event: Happening) -> State:
    until = dt.datetime.fromisoformat(event.body["until"])
    return replace(
        state, offer_seq=event.seq, offered_to_id=int(event.body["to"]), offered_until=until
    )


def _without_offer(state: State) -> State:
    return replace(state, offer_seq=0, offered_to_id=None, offered_until=None)


def _passed(state: State, event: Happening) -> State:
    passed_by = (*state.passed_by, *((state.offered_to_id,) if state.offered_to_id else ()))
    return replace(_without_offer(state), passed_by=passed_by, passed_at=event.created_at)


def _with(state: State, staff_id: int | None, event: Happening) -> State:
    return replace(
        _without_offer(state),
        status=Status.ASSIGNED,
        assignee_id=staff_id,
        waiting_since=None,
        accepted_at=event.created_at,
        answered_at=state.answered_at or event.created_at,
        passed_by=(),
        passed_at=None,
        unread_count=0,  # Who takes it reads it.
        idle_warned_at=None,
    )


def _accepted(state: State, event: Happening) -> State:
    return _with(state, event.author_id, event)


def _assigned(state: State, event: Happening) -> State:
    return _with(state, int(event.body["to"]), event)


def _released(state: State, event: Happening) -> State:
    lost = (state.assignee_id,) if state.assignee_id else ()
    return replace(
        state,
        status=Status.WAITING,
        assignee_id=None,
        waiting_since=state.queued_since,
        accepted_at=None,
        passed_by=lost,
        passed_at=event.created_at,
        idle_warned_at=None,
        release_count=state.release_count + 1,
    )


def _idle_warned(state: State, event: Happening) -> State:
    return replace(state, idle_warned_at=event.created_at)


def _specialist_wrote(state: State, event: Happening) -> State:
    return replace(state, awaiting_reply_since=None, unread_count=0, idle_warned_at=None)


def _wrapped_up(state: State, event: Happening) -> State:
    return replace(state, wrapped_up_at=event.created_at)


def _ended(state: State, event: Happening) -> State:
    return replace(
        _without_offer(state),
        status=Status.ENDED,
        waiting_since=None,
        awaiting_reply_since=None,
        unread_count=0,
        ended_at=event.created_at,
        end_reason=str(event.body.get("reason", "")),
    )


_STEPS: dict[str, Callable[[State, Happening], State]] = {
    EventKind.OPENED: _opened,
    EventKind.VISITOR_MESSAGE: _visitor_wrote,
    EventKind.FLAG: _flagged,
    EventKind.CARD_DISMISSED: _card_dismissed,
    EventKind.OFFERED: _offered,
    EventKind.DECLINED: _passed,
    EventKind.OFFER_LAPSED: _passed,
    EventKind.ACCEPTED: _accepted,
    EventKind.ASSIGNED: _assigned,
    EventKind.RELEASED: _released,
    EventKind.IDLE_WARNED: _idle_warned,
    EventKind.SPECIALIST_MESSAGE: _specialist_wrote,
    EventKind.APPROVED_SENTENCE: _specialist_wrote,
    EventKind.WRAPPED_UP: _wrapped_up,
    EventKind.ENDED: _ended,
    EventKind.VISITOR_FILE: _visitor_wrote,
    **call_steps.STEPS,
}

# What may still be added to the log of a contact that has ended.
_AFTER_THE_END = frozenset({EventKind.WRAPPED_UP, EventKind.CARD_DISMISSED})


_ANSWERS_OFFER = frozenset({EventKind.DECLINED, EventKind.OFFER_LAPSED})


def refusal(
    contact_id: uuid.UUID, state: State, kind: str, body: Mapping[str, Any] | None = None
) -> ContactRefused | None:
    """Return why an event of this kind may not come next, or None if it may.

    Of the body only what names another's step counts: the offer that is answered, who
    loses the contact, who gets it.
    """
    said = body or {}
    if (kind == EventKind.OPENED) != (state.last_seq == 0):
        return AlreadyOpened() if kind == EventKind.OPENED else ContactMissing()
    if state.status == Status.ENDED and kind not in _AFTER_THE_END:
        return ContactEnded()
    if kind in (EventKind.ACCEPTED, EventKind.OFFERED) and state.status == Status.ASSIGNED:
        return ContactTaken(contact_id, state.assignee_id)
    if kind == EventKind.ASSIGNED and said.get("to") == state.assignee_id:
        return ContactTaken(contact_id, state.assignee_id)
    if kind == EventKind.OFFERED and state.offer_seq:
        return ContactOffered()
    if kind in _ANSWERS_OFFER and (not state.offer_seq or said.get("offer") != state.offer_seq):
        return OfferGone()
    if kind in NEEDS_ASSIGNEE and state.status == Status.WAITING:
        return ContactNotAccepted()
    if kind == EventKind.RELEASED and said.get("from") != state.assignee_id:
        return ContactMoved()
    return None


def labels(state: State) -> tuple[Label, ...]:
    """Return what is worth seeing at a glance; nothing of it is kept anywhere."""
    ended = state.status == Status.ENDED
    found = {
        Label.CAME_BACK: state.release_count > 0,
        Label.PASSED_ON: bool(state.passed_by) and state.status == Status.WAITING,
        Label.SILENT: state.idle_warned_at is not None and not ended,
        Label.CALL_DUE: state.call_due and not ended,
        Label.CALL_MISSED: state.calls_missed > 0 and not ended,
    }
    return tuple(label for label, holds in found.items() if holds)
