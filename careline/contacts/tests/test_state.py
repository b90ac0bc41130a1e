"""State as a pure function of the log: what may come next, and what it then is."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind, EventKind, Label, Status
from careline.contacts.errors import ContactMoved, ContactOffered, ContactRefused, OfferGone
from careline.contacts.log import Draft
from careline.contacts.models import Contact
from careline.contacts.state import State, derive, follow, labels, refusal
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.core import clock

WHEN = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
ANSWERS = (EventKind.DECLINED, EventKind.OFFER_LAPSED)
COLLEAGUE = 8
LEVELS = [("report", 1), ("urgent", 2), ("crisis", 3), ("emergency", 4)]


@dataclass
class Happened:
    seq: int
    kind: str
    author_id: int | None = None
    body: dict[str, Any] = field(default_factory=dict)
    created_at: dt.datetime = WHEN


def _body(
    kind: EventKind,
    level: tuple[str, int],
    author_id: int = 7,
    state: State = State(),  # noqa: B008
    colleague: int = COLLEAGUE,
) -> dict[str, Any]:
    if kind is EventKind.FLAG:
        return {"level": level[0], "rank": level[1]}
    if kind is EventKind.OFFERED:
        return {"to": author_id, "until": WHEN.isoformat(), "because": ["longest_wait"]}
    if kind is EventKind.INVITED:
        return {"to": colleague, "until": WHEN.isoformat(), "reason": "topic"}
    if kind is EventKind.INVITATION_OVER:
        return {"invitation": state.invite_seq, "why": "time"}
    if kind in (EventKind.JOINED, EventKind.LEFT):
        asked = state.invite_seq or level[0] == "report"
        return {"who": colleague, "as": "colleague" if asked else "supervisor"}
    if kind is EventKind.HANDED_OVER:
        return {"from": state.assignee_id, "to": colleague}
    if kind in (EventKind.ASSIGNED, EventKind.RELEASED, *ANSWERS):
        given = {"to": author_id, "from": state.assignee_id or author_id}
        return {**given, "offer": state.offer_seq, "topic": level[0], "language": "es"}
    return {"text": "words"} if "message" in kind else {}


class TestWhatMayComeNext:
    def test_nothing_comes_before_the_opening(self) -> None:
        for kind in EventKind:
            refused = refusal(uuid.uuid4(), State(), kind)
            assert (refused is None) == (kind is EventKind.OPENED)

    def test_after_the_end_only_the_record_and_the_card(self) -> None:
        ended = State(last_seq=3, status=Status.ENDED)
        allowed = {kind for kind in EventKind if refusal(uuid.uuid4(), ended, kind) is None}
        notes = {EventKind.NOTE, EventKind.FOLLOW_UP_SET}
        assert allowed == {EventKind.WRAPPED_UP, EventKind.CARD_DISMISSED, *notes}


class TestWhatItMeans:
    def test_the_worst_flag_counts_and_stays_after_the_card_was_put_away(self) -> None:
        events = [
            Happened(1, EventKind.OPENED),
            Happened(2, EventKind.FLAG, body={"level": "urgent", "rank": 2}),
            Happened(3, EventKind.FLAG, body={"level": "emergency", "rank": 4}),
            Happened(4, EventKind.CARD_DISMISSED),
            Happened(5, EventKind.FLAG, body={"level": "report", "rank": 1}),
        ]
        state = derive(events)
        assert (state.flag_level, state.flag_count) == ("emergency", 3)
        assert state.card_level == "report"

    def test_who_comes_back_keeps_their_place_and_isnt_offered_to_who_lost_them(self) -> None:
        later = WHEN + dt.timedelta(minutes=5)
        events = [
            Happened(1, EventKind.OPENED),
            Happened(2, EventKind.ACCEPTED, 7, created_at=later),
            Happened(3, EventKind.RELEASED, body={"from": 7}, created_at=later),
        ]
        state = derive(events)
        assert (state.status, state.waiting_since) == (Status.WAITING, WHEN)
        assert (state.passed_by, state.passed_at) == ((7,), later)
        assert labels(state) == (Label.CAME_BACK, Label.PASSED_ON)

    def test_only_the_offer_that_is_open_can_be_answered(self) -> None:
        body = {"to": 7, "until": WHEN.isoformat()}
        state = derive([Happened(1, EventKind.OPENED), Happened(2, EventKind.OFFERED, 7, body)])
        for kind in ANSWERS:
            assert isinstance(refusal(uuid.uuid4(), state, kind, {"offer": 1}), OfferGone)
            assert refusal(uuid.uuid4(), state, kind, {"offer": 2}) is None
        assert isinstance(refusal(uuid.uuid4(), state, EventKind.OFFERED, body), ContactOffered)
        passed = follow(state, Happened(3, EventKind.DECLINED, 7))
        assert (passed.offer_seq, passed.passed_by) == (0, (7,))

    def test_nobody_takes_a_contact_from_somebody_who_no_longer_has_it(self) -> None:
        state = State(last_seq=2, status=Status.ASSIGNED, assignee_id=7)
        taken = refusal(uuid.uuid4(), state, EventKind.RELEASED, {"from": 8})
        assert isinstance(taken, ContactMoved)

    def test_waiting_for_a_reply_counts_from_the_first_unanswered_message(self) -> None:
        later = WHEN + dt.timedelta(minutes=5)
        events = [
            Happened(1, EventKind.OPENED),
            Happened(2, EventKind.VISITOR_MESSAGE),
            Happened(3, EventKind.VISITOR_MESSAGE, created_at=later),
        ]
        assert derive(events).awaiting_reply_since == WHEN
        answered = [*events, Happened(4, EventKind.APPROVED_SENTENCE)]
        assert derive(answered).awaiting_reply_since is None

    @given(st.lists(st.tuples(st.sampled_from(list(EventKind)), st.sampled_from(LEVELS))))
    def test_every_log_that_is_allowed_leads_to_a_state_that_makes_sense(
        self, wishes: list[tuple[EventKind, tuple[str, int]]]
    ) -> None:
        state, contact_id = State(), uuid.uuid4()
        for kind, level in [(EventKind.OPENED, LEVELS[0]), *wishes]:
            body = _body(kind, level, state=state)
            if refusal(contact_id, state, kind, body) is None:
                state = follow(state, Happened(state.last_seq + 1, kind, 7, body))
        assert (state.waiting_since is not None) == (state.status == Status.WAITING)
        assert (state.ended_at is not None) == (state.status == Status.ENDED)
        if state.status == Status.ASSIGNED:
            assert state.assignee_id in (7, COLLEAGUE)
        besides = {state.invited_id, state.second_id, state.supervisor_id} - {None}
        assert state.assignee_id not in besides or state.status != Status.ASSIGNED
        if besides or state.consult_since:
            assert state.status == Status.ASSIGNED
        assert bool(state.invite_seq) == (state.invited_id is not None)
        assert not (state.invite_seq and state.second_id)
        assert state.second_id is None or state.second_id != state.supervisor_id
        assert state.follow_ups_open >= 0
        assert state.card_rank <= state.flag_rank
        assert bool(state.offer_seq) == (state.offered_to_id is not None)
        if state.offer_seq:
            assert state.status == Status.WAITING
        if state.status == Status.WAITING:
            assert state.waiting_since == state.queued_since == WHEN
        if state.unread_count:
            assert state.awaiting_reply_since is not None


@pytest.mark.django_db
class TestTheKeptState:
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(wishes=st.lists(st.sampled_from(list(EventKind)), max_size=12))
    def test_the_row_always_equals_what_the_log_says(self, wishes: list[EventKind]) -> None:
        contact, author, colleague = open_chat(), make_specialist(), make_specialist("Luis")
        for kind in wishes:
            state = Contact.objects.get(pk=contact.pk).state
            body = _body(kind, LEVELS[1], author.pk, state, colleague.pk)
            draft = Draft(contact.pk, kind, AuthorKind.SERVICE, body, author.pk)
            try:
                contact_log.append(draft)
            except ContactRefused:
                continue
        kept = Contact.objects.get(pk=contact.pk).state
        assert kept == derive(contact_log.after(contact.pk))
        assert kept == contact_log.rebuild(contact.pk)
        assert kept.last_event_at is not None
        assert kept.last_event_at <= clock.now()
