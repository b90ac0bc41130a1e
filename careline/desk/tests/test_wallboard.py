"""The wallboard: for supervisors, with the report's numbers, and plots that tell no other."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import actions, presence
from careline.contacts.actions import Details
from careline.contacts.enums import AuthorKind, DeskState
from careline.contacts.figures import Case, by_quarter
from careline.contacts.routing import actions as routing
from careline.contacts.tests.factories import open_chat
from careline.core import clock
from careline.desk.wallboard import Wallboard, wallboard
from careline.desk.wallboard_plots import axis_for, plots

NOON = dt.datetime(2026, 11, 23, 18, 0, tzinfo=dt.UTC)  # in Chicago


@pytest.fixture
def supervising(susan: Staff) -> Client:
    return client_of(susan)


@pytest.mark.parametrize("path", ["/desk/wallboard/", "/desk/wallboard/parts/"])
def test_it_is_for_supervisors_only(path: str, at_desk: Client, client: Client) -> None:
    assert at_desk.get(path).status_code == 403
    assert client.get(path).headers["Location"].startswith("/staff/sign-in/")


def a_morning(dana: Staff, luis: Staff) -> None:
    """One answered in time and taken back and taken again, one late, one left, two that wait."""
    with time_machine.travel(NOON, tick=False) as now:
        presence.set_accepting(acting_user=dana, accepting=True)
        first, second, third = open_chat(), open_chat(), open_chat()
        now.shift(30)
        actions.accept(acting_user=dana, contact_id=first.pk)
        now.shift(60)
        routing.hand_back(acting_user=dana, contact_id=first.pk)
        actions.accept(acting_user=luis, contact_id=second.pk)
        actions.end(acting_user=None, contact_id=third.pk, by=AuthorKind.VISITOR)
        now.shift(600)
        presence.beat(acting_user=dana)
        actions.accept(acting_user=luis, contact_id=first.pk)
        open_chat("my chest feels tight and I can't breathe")
        actions.request_callback(
            language="en", topic="", text="x", start_id="callback-1", details=Details()
        )


def board_at(moment: dt.datetime) -> Wallboard:
    with time_machine.travel(moment, tick=False):
        return wallboard(clock.now())


def test_the_numbers_of_a_morning(dana: Staff, luis: Staff) -> None:
    a_morning(dana, luis)
    board = board_at(NOON + dt.timedelta(seconds=700))
    assert (board.today.opened, board.today.answered, board.today.left) == (4, 2, 1)
    # The first time that somebody took it counts, whoever has it now.
    assert (board.today.in_time, board.today.decided) == (1, 3)
    assert (board.today.median_wait, board.today.longest_wait) == (60, 90)
    assert (board.chat.count, board.chat.longest, board.danger) == (1, 10, 1)
    assert [each.count for each in board.channels] == [1, 1, 0, 0]
    [at_desk] = [each for each in board.people if each.person.staff == dana]
    assert (at_desk.person.state, at_desk.seconds) == (DeskState.AVAILABLE, 700)
    assert board.is_late


def test_the_report_of_the_day_says_the_same(dana: Staff, luis: Staff, supervising: Client) -> None:
    a_morning(dana, luis)
    with time_machine.travel(NOON + dt.timedelta(seconds=700), tick=False):
        today = wallboard(clock.now()).today
        day = {"first": "2026-11-23", "last": "2026-11-23"}
        lines = supervising.get("/reports/contacts.csv", day).content.decode().splitlines()
    names, chat = lines[0].split(","), lines[1].split(",")
    report = dict(zip(names, chat, strict=True))
    assert report == {
        "day": "2026-11-23",
        "channel": "chat",
        "opened": str(today.opened),
        "accepted": str(today.answered),
        "ended_without_anybody": str(today.unanswered),
        "median_wait_seconds": str(round(today.median_wait or 0)),
        "longest_wait_seconds": str(round(today.longest_wait or 0)),
        "accepted_in_time": str(today.in_time),
        "left": str(today.left),
        "turned_away": str(today.turned_away),
        "service_level": f"{today.service_level:.4f}",
        "abandonment": f"{today.abandonment:.4f}",
    }


def test_the_page_and_its_parts_show_the_same(
    dana: Staff, luis: Staff, supervising: Client
) -> None:
    a_morning(dana, luis)
    with time_machine.travel(NOON + dt.timedelta(seconds=700), tick=False):
        page = supervising.get("/desk/wallboard/").content.decode()
        parts = supervising.get("/desk/wallboard/parts/").content.decode()
    assert "33\u202f%" in page
    assert dana.own_name in page
    names = re.findall(r'data-part="(\w[\w-]*)"', page)
    assert sorted(names) == sorted(set(names)) == sorted(re.findall(r'data-part="([\w-]+)"', parts))
    assert "chest" not in page  # Nobody's words hang on a wall.


def test_a_quiet_day_has_a_board_too(supervising: Client) -> None:
    page = supervising.get("/desk/wallboard/").content.decode()
    assert "No chat has begun" in page
    assert "Nobody is at the desk." in page


MINUTES = st.lists(st.tuples(st.integers(0, 239), st.none() | st.integers(0, 5_000)), max_size=40)


@given(MINUTES)
def test_each_plot_stays_on_its_plane_and_shows_every_quarter(
    drawn: list[tuple[int, int | None]],
) -> None:
    day = [_case(minute, waited) for minute, waited in drawn]
    now = NOON + dt.timedelta(hours=4)
    quarters = by_quarter(day, NOON, now, now, 60)
    arrivals, waits, level = plots(quarters, 0.8)
    assert len(arrivals.bars) == sum(1 for quarter in quarters if quarter.figures.opened)
    answered = sum(1 for quarter in quarters if quarter.figures.answered)
    assert [len(line.dots) for line in waits.lines] == [answered, answered]
    for bar in arrivals.bars:
        assert 44 <= bar.x <= bar.x + bar.width <= 352
        assert 12 <= bar.y < bar.y + bar.height <= 140.1
    for line in (*waits.lines, *level.lines):
        assert all(44 <= x <= 352 and 12 <= y <= 140 for x, y in line.dots)


def _case(minute: int, waited: int | None) -> Case:
    opened = NOON + dt.timedelta(minutes=minute)
    return Case("chat", opened, None if waited is None else opened + dt.timedelta(seconds=waited))


@given(st.floats(0, 100_000), st.integers(1, 10))
def test_an_axis_is_round_and_holds_everything(most: float, least: int) -> None:
    axis = axis_for(most, least=least)
    assert axis.top >= max(most, least)
    assert 2 <= len(axis.levels) <= 5
    assert all(level == int(level) for level in axis.levels)
