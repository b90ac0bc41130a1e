"""State as a pure function of the log: what may come next, and what it then is."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind, EventKind, Status
from careline.contacts.errors import ContactRefused
from careline.contacts.log import Draft
from careline.contacts.models import Contact
from careline.contacts.state import State, derive, follow, refusal
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.core import clock

WHEN = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
LEVELS = [("report", 1), ("urgent", 2), ("crisis", 3), ("emergency", 4)]


@dataclass
class Happened:
    seq: int
    kind: str
    author_id: int | None = None
    body: dict[str, Any] = field(default_factory=dict)
    created_at: dt.datetime = WHEN


def _body(kind: EventKind, level: tuple[str, int]) -> dict[str, Any]:
    if kind is EventKind.FLAG:
        return {"level": level[0], "rank": level[1]}
    return {"text": "words"} if "message" in kind else {}


class TestWhatMayComeNext:
    def test_nothing_comes_before_the_opening(self) -> None:
        for kind in EventKind:
            refused = refusal(uuid.uuid4(), State(), kind)
            assert (refused is None) == (kind is EventKind.OPENED)

    def test_after_the_end_only_the_record_and_the_card(self) -> None:
        ended = State(last_seq=3, status=Status.ENDED)
        allowed = {kind for kind in EventKind if refusal(uuid.uuid4(), ended, kind) is None}
        assert allowed == {EventKind.WRAPPED_UP, EventKind.CARD_DISMISSED}


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
            if refusal(contact_id, state, kind) is None:
                event = Happened(state.last_seq + 1, kind, 7, _body(kind, level))
                state = follow(state, event)
        assert (state.waiting_since is not None) == (state.status == Status.WAITING)
        assert (state.ended_at is not None) == (state.status == Status.ENDED)
        if state.status == Status.ASSIGNED:
            assert state.assignee_id == 7
        assert state.card_rank <= state.flag_rank


@pytest.mark.django_db
class TestTheKeptState:
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(wishes=st.lists(st.sampled_from(list(EventKind)), max_size=12))
    def test_the_row_always_equals_what_the_log_says(self, wishes: list[EventKind]) -> None:
        contact, author = open_chat(), make_specialist()
        for kind in wishes:
            body = _body(kind, LEVELS[1])
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
