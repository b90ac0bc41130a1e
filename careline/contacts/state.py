"""The state of a contact as a pure function of its log.

`follow` is the only place that says what an event means, `refusal` the only one
that says which event may come next. The writer keeps the result on the contact's
row; `derive` over the whole log gives the same (test_state.py proves it).
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol

from careline.contacts import call_steps
from careline.contacts.enums import NEEDS_ASSIGNEE, EventKind, JoinedAs, Label, Status
from careline.contacts.errors import (
    AlreadyOpened,
    AlreadyThere,
    ContactEnded,
    ContactMissing,
    ContactMoved,
    ContactNotAccepted,
    ContactOffered,
    ContactRefused,
    ContactTaken,
    OfferGone,
)

if TYPE_CHECKING:
    from dataclasses import replace
else:
    from careline.core.records import replaced as replace


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

    `topic` and `language` are those for which it is served: a transfer changes them.
    `invite_seq` is the number of the open invitation of a colleague, 0 for none; `second_id`
    is the colleague who has joined, `supervisor_id` the supervisor. `consult_since` is the
    time of the first question to a supervisor that none has answered.
    """

    last_seq: int = 0
    topic: str = ""
    language: str = ""
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
    invite_seq: int = 0
    invited_id: int | None = None
    invited_until: dt.datetime | None = None
    second_id: int | None = None
    supervisor_id: int | None = None
    consult_since: dt.datetime | None = None
    follow_ups_open: int = 0
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
    queued = replace(state, waiting_since=event.created_at, queued_since=event.created_at)
    return _served_for(queued, event)


def _served_for(state: State, event: Happening) -> State:
    """Return the state with the topic and language that this event names, if it does."""
    topic = str(event.body.get("topic", state.topic))
    return replace(state, topic=topic, language=str(event.body.get("language", state.language)))


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


def _without_invitation(state: State) -> State:
    return replace(state, invite_seq=0, invited_id=None, invited_until=None)


def _alone(state: State) -> State:
    """Return the state without anybody besides, asked or joined, and without a question."""
    alone = _without_invitation(state)
    return replace(alone, second_id=None, supervisor_id=None, consult_since=None)


def _without_guest(state: State, staff_id: int | None) -> State:
    second = None if state.second_id == staff_id else state.second_id
    supervisor = None if state.supervisor_id == staff_id else state.supervisor_id
    return replace(state, second_id=second, supervisor_id=supervisor)


def _with(state: State, staff_id: int | None, event: Happening) -> State:
    stays = _without_guest(_without_invitation(_without_offer(state)), staff_id)
    return replace(
        stays,
        consult_since=None,
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
        _alone(_served_for(state, event)),
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


def _invited(state: State, event: Happening) -> State:
    until = dt.datetime.fromisoformat(event.body["until"])
    to = int(event.body["to"])
    return replace(state, invite_seq=event.seq, invited_id=to, invited_until=until)


def _invitation_over(state: State, event: Happening) -> State:
    return _without_invitation(state)


def _joined(state: State, event: Happening) -> State:
    who = int(event.body["who"])
    if state.invited_id == who:
        state = _without_invitation(state)
    if event.body.get("as") == JoinedAs.SUPERVISOR:
        return replace(state, supervisor_id=who)
    return replace(state, second_id=who)


def _left(state: State, event: Happening) -> State:
    return _without_guest(state, int(event.body["who"]))


def _consulted(state: State, event: Happening) -> State:
    return replace(state, consult_since=state.consult_since or event.created_at)


def _whispered(state: State, event: Happening) -> State:
    asking = event.author_id in (state.assignee_id, state.second_id)
    return state if asking else replace(state, consult_since=None)


def _follow_up_set(state: State, event: Happening) -> State:
    return replace(state, follow_ups_open=state.follow_ups_open + 1)


def _follow_up_done(state: State, event: Happening) -> State:
    return replace(state, follow_ups_open=state.follow_ups_open - 1)


def _wrapped_up(state: State, event: Happening) -> State:
    return replace(state, wrapped_up_at=event.created_at)


def _ended(state: State, event: Happening) -> State:
    return replace(
        _alone(_without_offer(state)),
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
    EventKind.INVITED: _invited,
    EventKind.INVITATION_OVER: _invitation_over,
    EventKind.JOINED: _joined,
    EventKind.LEFT: _left,
    EventKind.HANDED_OVER: _assigned,
    EventKind.CONSULTED: _consulted,
    EventKind.WHISPER: _whispered,
    EventKind.FOLLOW_UP_SET: _follow_up_set,
    EventKind.FOLLOW_UP_DONE: _follow_up_done,
    EventKind.WRAPPED_UP: _wrapped_up,
    EventKind.ENDED: _ended,
    EventKind.VISITOR_FILE: _visitor_wrote,
    **call_steps.STEPS,
}

# What may still be added to the log of a contact that has ended.
_AFTER_THE_END = frozenset(
    {
        EventKind.WRAPPED_UP,
        EventKind.CARD_DISMISSED,
        EventKind.NOTE,
        EventKind.FOLLOW_UP_SET,
        EventKind.FOLLOW_UP_DONE,
    }
)


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
    check = _TOGETHER.get(kind)
    return check(state, said) if check else None


# What may come next among those who are in a conversation together.


def _may_invite(state: State, said: Mapping[str, Any]) -> ContactRefused | None:
    if state.invite_seq:
        return ContactOffered()
    there = (state.assignee_id, state.supervisor_id)
    return AlreadyThere() if state.second_id or said.get("to") in there else None


def _may_end_invitation(state: State, said: Mapping[str, Any]) -> ContactRefused | None:
    open_one = state.invite_seq and said.get("invitation") == state.invite_seq
    return None if open_one else OfferGone()


def _may_join(state: State, said: Mapping[str, Any]) -> ContactRefused | None:
    who = said.get("who")
    if who in (state.assignee_id, state.second_id, state.supervisor_id):
        return AlreadyThere()
    if said.get("as") == JoinedAs.SUPERVISOR:
        return AlreadyThere() if state.supervisor_id else None
    return None if state.invite_seq and who == state.invited_id else OfferGone()


def _may_leave(state: State, said: Mapping[str, Any]) -> ContactRefused | None:
    return None if _is_guest(state, said.get("who")) else ContactMoved()


def _may_hand_over(state: State, said: Mapping[str, Any]) -> ContactRefused | None:
    theirs = said.get("from") == state.assignee_id
    return None if theirs and _is_guest(state, said.get("to")) else ContactMoved()


def _may_tick_off(state: State, said: Mapping[str, Any]) -> ContactRefused | None:
    return None if state.follow_ups_open > 0 else ContactMoved()


def _is_guest(state: State, staff_id: object) -> bool:
    return staff_id is not None and staff_id in (state.second_id, state.supervisor_id)


_TOGETHER: dict[str, Callable[[State, Mapping[str, Any]], ContactRefused | None]] = {
    EventKind.INVITED: _may_invite,
    EventKind.INVITATION_OVER: _may_end_invitation,
    EventKind.JOINED: _may_join,
    EventKind.LEFT: _may_leave,
    EventKind.HANDED_OVER: _may_hand_over,
    EventKind.FOLLOW_UP_DONE: _may_tick_off,
}


def labels(state: State) -> tuple[Label, ...]:
    """Return what is worth seeing at a glance; nothing of it is kept anywhere."""
    ended = state.status == Status.ENDED
    found = {
        Label.CAME_BACK: state.release_count > 0,
        Label.PASSED_ON: bool(state.passed_by) and state.status == Status.WAITING,
        Label.SILENT: state.idle_warned_at is not None and not ended,
        Label.ASKS: state.consult_since is not None,
        Label.FOLLOW_UP: state.follow_ups_open > 0,
        Label.CALL_DUE: state.call_due and not ended,
        Label.CALL_MISSED: state.calls_missed > 0 and not ended,
    }
    return tuple(label for label, holds in found.items() if holds)
