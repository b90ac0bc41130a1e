"""The state of a contact as a pure function of its log.

`follow` is the only place that says what an event means, `refusal` the only one
that says which event may come next. The writer keeps the result on the contact's
row; `derive` over the whole log gives the same (test_state.py proves it).
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Protocol

from careline.contacts.enums import NEEDS_ASSIGNEE, EventKind, Status
from careline.contacts.errors import (
    AlreadyOpened,
    ContactEnded,
    ContactMissing,
    ContactNotAccepted,
    ContactRefused,
    ContactTaken,
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
    specialist has answered yet.
    """

    last_seq: int = 0
    status: str = Status.WAITING
    assignee_id: int | None = None
    waiting_since: dt.datetime | None = None
    accepted_at: dt.datetime | None = None
    awaiting_reply_since: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    end_reason: str = ""
    wrapped_up_at: dt.datetime | None = None
    flag_count: int = 0
    flag_level: str = ""
    flag_rank: int = 0
    card_level: str = ""
    card_rank: int = 0
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
    return replace(state, waiting_since=event.created_at)


def _visitor_wrote(state: State, event: Happening) -> State:
    return replace(state, awaiting_reply_since=state.awaiting_reply_since or event.created_at)


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


def _accepted(state: State, event: Happening) -> State:
    return replace(
        state,
        status=Status.ASSIGNED,
        assignee_id=event.author_id,
        waiting_since=None,
        accepted_at=event.created_at,
    )


def _specialist_wrote(state: State, event: Happening) -> State:
    return replace(state, awaiting_reply_since=None)


def _wrapped_up(state: State, event: Happening) -> State:
    return replace(state, wrapped_up_at=event.created_at)


def _ended(state: State, event: Happening) -> State:
    return replace(
        state,
        status=Status.ENDED,
        waiting_since=None,
        awaiting_reply_since=None,
        ended_at=event.created_at,
        end_reason=str(event.body.get("reason", "")),
    )


_STEPS: dict[str, Callable[[State, Happening], State]] = {
    EventKind.OPENED: _opened,
    EventKind.VISITOR_MESSAGE: _visitor_wrote,
    EventKind.FLAG: _flagged,
    EventKind.CARD_DISMISSED: _card_dismissed,
    EventKind.ACCEPTED: _accepted,
    EventKind.SPECIALIST_MESSAGE: _specialist_wrote,
    EventKind.APPROVED_SENTENCE: _specialist_wrote,
    EventKind.WRAPPED_UP: _wrapped_up,
    EventKind.ENDED: _ended,
}

# What may still be added to the log of a contact that has ended.
_AFTER_THE_END = frozenset({EventKind.WRAPPED_UP, EventKind.CARD_DISMISSED})


def refusal(contact_id: uuid.UUID, state: State, kind: str) -> ContactRefused | None:
    """Return why an event of this kind may not come next, or None if it may."""
    if (kind == EventKind.OPENED) != (state.last_seq == 0):
        return AlreadyOpened() if kind == EventKind.OPENED else ContactMissing()
    if state.status == Status.ENDED and kind not in _AFTER_THE_END:
        return ContactEnded()
    if kind == EventKind.ACCEPTED and state.status == Status.ASSIGNED:
        return ContactTaken(contact_id, state.assignee_id)
    if kind in NEEDS_ASSIGNEE and state.status == Status.WAITING:
        return ContactNotAccepted()
    return None
