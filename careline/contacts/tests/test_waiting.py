"""How long a visitor probably waits: first when nothing is said, then what is."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from careline.accounts.actions import Training, set_competencies
from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, opening_actions, presence, tokens
from careline.contacts.enums import Channel, DeskState, EndReason, Status
from careline.contacts.models import Contact
from careline.contacts.routing.decide import Skill, Specialist
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.contacts.waiting import (
    LONGEST_MINUTES,
    MEASURED_AT_LEAST,
    WIDEST_MINUTES,
    ExpectedWait,
    expected,
    expected_wait,
    place_of,
)
from careline.core import clock


def desk(*loads: int, capacity: int = 2) -> list[Specialist]:
    skills = (Skill("", "en", 1e12),)
    return [
        Specialist(number, DeskState.AVAILABLE, capacity, load, skills)
        for number, load in enumerate(loads)
    ]


def had(count: int, minutes: int = 10) -> None:
    """Make conversations of the last days."""
    now = clock.now()
    start = now - dt.timedelta(days=2)
    Contact.objects.bulk_create(
        Contact(
            pk=uuid.uuid4(),
            channel=Channel.CHAT,
            language="en",
            status=Status.ENDED,
            answered_at=start,
            ended_at=start + dt.timedelta(minutes=minutes),
            end_reason=EndReason.FINISHED,
            delete_after=now,
            statistics_delete_after=now,
        )
        for _number in range(count)
    )


@pytest.fixture(autouse=True)
def _within_the_hours() -> Iterator[None]:
    with time_machine.travel("2026-11-23T18:00Z", tick=False):  # Monday noon in Chicago
        yield


@pytest.fixture
def dana(db: None) -> Staff:
    """Somebody with both hands full."""
    dana = make_specialist()
    presence.set_accepting(acting_user=dana, accepting=True)
    set_competencies(dana, [Training("", "en", clock.today())], acting_user=None)
    for _hand in range(2):
        actions.accept(acting_user=dana, contact_id=open_chat().pk)
    return dana


class TestNothingIsSaid:
    def test_when_too_little_was_measured(self, dana: Staff) -> None:
        had(MEASURED_AT_LEAST - 1)
        assert expected_wait(open_chat()) is None

    def test_when_nobody_trained_takes_contacts(self, dana: Staff) -> None:
        had(MEASURED_AT_LEAST)
        assert expected_wait(open_chat(language="es")) is None
        presence.set_accepting(acting_user=dana, accepting=False)
        assert expected_wait(open_chat()) is None

    def test_once_chat_is_closed(self, dana: Staff) -> None:
        had(MEASURED_AT_LEAST)
        contact = open_chat()
        assert expected_wait(contact) is not None
        opening_actions.close_now(acting_user=make_staff(Role.SUPERVISOR))
        assert expected_wait(contact) is None

    def test_to_who_is_not_waiting(self, dana: Staff) -> None:
        had(MEASURED_AT_LEAST)
        mine = Contact.objects.of(dana).first()
        assert mine is not None
        assert expected_wait(mine) is None
        assert place_of(mine) is None

    def test_when_the_range_would_promise_something(self) -> None:
        assert expected(0, desk(2), 4 * 3_600) is None
        assert expected(30, desk(2), 900) is None


class TestWhatIsSaid:
    def test_a_free_hand_means_soon_and_those_ahead_count(self) -> None:
        assert expected(0, desk(1), 600) == ExpectedWait(0, 1)
        next_one, third = expected(0, desk(2, 2), 600), expected(2, desk(2, 2), 600)
        assert next_one is not None
        assert third is not None
        assert next_one.high <= third.high
        assert third.low > next_one.low

    def test_who_finishes_a_record_may_take_all_the_time_for_it(self) -> None:
        finishing = [replace(each, state=DeskState.AFTER_CALL) for each in desk(0)]
        assert expected(0, finishing, 600) == ExpectedWait(0, settings.AFTER_CALL_MINUTES + 1)
        both = [*desk(1), *finishing]
        assert expected(0, both, 600) == ExpectedWait(0, 1)
        assert expected(1, both, 600) == ExpectedWait(0, settings.AFTER_CALL_MINUTES + 1)

    def test_two_of_three_waits_end_in_the_range(self) -> None:
        chance = random.Random(7)  # noqa: S311
        for ahead, people in ((0, 3), (2, 5), (4, 8)):
            told = expected(ahead, desk(*[2] * people), 900)
            assert told is not None
            assert told.high <= LONGEST_MINUTES
            assert told.high - told.low <= WIDEST_MINUTES
            rate = people * 2 / 15
            waits = [
                sum(chance.expovariate(rate) for _end in range(ahead + 1)) for _try in range(2_000)
            ]
            within = sum(1 for wait in waits if told.low <= wait <= told.high) / len(waits)
            # Whole minutes widen the range; they never narrow it.
            assert 0.64 <= within <= 0.97

    def test_the_page_says_it_with_where_it_comes_from(self, dana: Staff, client: Client) -> None:
        had(MEASURED_AT_LEAST)
        contact = open_chat()
        client.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)
        page = client.get("/en/chat/now/").content.decode()
        assert "Probably" in page
        assert "From how long conversations took" in page
