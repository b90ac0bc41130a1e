"""Counting a day: nothing is lost, nothing twice, and the shares mean what they say."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from careline.contacts.figures import Case, by_quarter, figures, quarter_of

NOON = dt.datetime(2026, 11, 23, 18, 0, tzinfo=dt.UTC)
NOW = NOON + dt.timedelta(hours=1)


def case(
    waited: int | None = None, ended: int | None = None, why: str = "left", at: int = 0
) -> Case:
    opened = NOON + dt.timedelta(seconds=at)
    answered = None if waited is None else opened + dt.timedelta(seconds=waited)
    over = None if ended is None else opened + dt.timedelta(seconds=ended)
    return Case("chat", opened, answered, over, why if over else "")


def test_of_nothing_nothing_is_said() -> None:
    empty = figures([], NOW, 60)
    assert (empty.service_level, empty.abandonment, empty.median_wait) == (None, None, None)


def test_who_waits_within_the_seconds_is_not_decided_yet() -> None:
    fresh = figures([case()], NOON + dt.timedelta(seconds=60), 60)
    late = figures([case()], NOON + dt.timedelta(seconds=61), 60)
    assert (fresh.service_level, late.service_level) == (None, 0.0)
    assert fresh.waiting == late.waiting == 1


def test_each_way_to_end_counts_where_it_belongs() -> None:
    day = [
        case(waited=30, ended=500),
        case(waited=60),
        case(waited=90),
        case(ended=20),
        case(ended=900, why="unserved"),
    ]
    found = figures(day, NOW, 60)
    assert (found.answered, found.in_time, found.left, found.turned_away) == (3, 2, 1, 1)
    assert found.service_level == 2 / 5
    assert found.abandonment == 2 / 5
    assert (found.median_wait, found.longest_wait) == (60, 90)


SECONDS = st.none() | st.integers(0, 3_600)


@given(st.lists(st.tuples(SECONDS, SECONDS, st.integers(0, 7_000)), max_size=40))
def test_the_quarters_add_up_to_the_day(drawn: list[tuple[int | None, int | None, int]]) -> None:
    day = [case(waited, ended, at=at) for waited, ended, at in drawn]
    whole = figures(day, NOW, 60)
    parts = [each.figures for each in by_quarter(day, NOON, NOON + dt.timedelta(hours=2), NOW, 60)]
    for name in ("opened", "answered", "in_time", "left", "turned_away", "decided", "waiting"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    assert whole.opened == whole.answered + whole.unanswered + whole.waiting
    for share in (whole.service_level, whole.abandonment):
        assert share is None or 0 <= share <= 1


def test_quarters_are_those_of_the_clock() -> None:
    half_past = NOON + dt.timedelta(minutes=30)
    assert quarter_of(half_past + dt.timedelta(minutes=14, seconds=59)) == half_past
