"""What a plan with one-offs and an early closing says of a moment."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from careline.contacts.enums import OneOffKind
from careline.contacts.opening_plan import Closed, OneOffTime, Plan, Reason, said, windows

CENTRAL = ZoneInfo("America/Chicago")
WEEK = ("07:00-18:30",) * 5 + ("", "")
WHY = (("en", "Staff training."), ("es", "Capacitación del personal."))
START = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 20 * 24 * 60).map(lambda minutes: START + dt.timedelta(minutes=minutes))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=CENTRAL)


def one_off(kind: OneOffKind, starts: str, ends: str) -> OneOffTime:
    return OneOffTime(kind, at(starts), at(ends), WHY)


def plan(*one_offs: OneOffTime, closed: Closed | None = None, country: str = "") -> Plan:
    return Plan("America/Chicago", country, WEEK, one_offs, closed)


def test_closed_at_once_goes_before_everything_and_promises_no_time() -> None:
    opening = one_off(OneOffKind.OPENING, "2026-11-23T00:00", "2026-11-24T00:00")
    status = said(plan(opening, closed=Closed(at("2026-11-23T10:00"), WHY)), at("2026-11-23T12:00"))
    assert (status.chat_open, status.reason, status.opens_at) == (False, Reason.CLOSED_NOW, None)
    with translation.override("es"):
        assert status.words == "Capacitación del personal."


def test_before_it_was_closed_it_was_open() -> None:
    closed = plan(closed=Closed(at("2026-11-23T10:00")))
    assert said(closed, at("2026-11-23T09:59")).chat_open


def test_a_closing_takes_a_piece_out_of_the_day() -> None:
    with_training = plan(one_off(OneOffKind.CLOSING, "2026-11-23T12:00", "2026-11-23T14:00"))
    assert said(with_training, at("2026-11-23T11:00")).closes_at == at("2026-11-23T12:00")
    closed = said(with_training, at("2026-11-23T12:00"))
    assert (closed.reason, closed.opens_at) == (Reason.ONE_OFF, at("2026-11-23T14:00"))
    assert closed.reasons == WHY
    assert said(with_training, at("2026-11-23T14:00")).chat_open


def test_an_opening_on_a_holiday_says_when_and_why() -> None:
    thanksgiving = plan(
        one_off(OneOffKind.OPENING, "2026-11-26T10:00", "2026-11-26T14:00"), country="US"
    )
    early = said(thanksgiving, at("2026-11-26T08:00"))
    assert (early.reason, early.opens_at) == (Reason.OUTSIDE_HOURS, at("2026-11-26T10:00"))
    assert said(thanksgiving, at("2026-11-26T11:00")).reasons == WHY
    assert said(thanksgiving, at("2026-11-26T15:00")).reason is Reason.HOLIDAY


def test_a_closing_beats_an_opening() -> None:
    both = plan(
        one_off(OneOffKind.OPENING, "2026-11-28T10:00", "2026-11-28T14:00"),
        one_off(OneOffKind.CLOSING, "2026-11-28T12:00", "2026-11-28T13:00"),
    )
    assert not said(both, at("2026-11-28T12:30")).chat_open
    assert said(both, at("2026-11-28T13:00")).chat_open


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2027-03-14", 23), ("2026-11-01", 25), ("2026-11-02", 24)],  # spring, autumn, any day
)
def test_a_whole_day_has_the_hours_that_summer_time_leaves_it(day: str, hours: int) -> None:
    always = Plan("America/Chicago", "", ("00:00-24:00",) * 7)
    start = at(f"{day}T00:00")
    end = (start + dt.timedelta(days=1)).astimezone(dt.UTC)
    closing = OneOffTime(OneOffKind.CLOSING, start, end)
    day_before = start.date() - dt.timedelta(days=1)
    first, second = windows(Plan(always.zone, "", always.week, (closing,)), day_before)
    assert second.opens - start.astimezone(dt.UTC) == dt.timedelta(hours=hours)
    assert first.closes == start


@given(
    st.lists(st.tuples(st.sampled_from(OneOffKind), MOMENTS, MOMENTS), max_size=6),
    MOMENTS,
)
def test_what_any_plan_promises_comes_true(
    given_ones: list[tuple[OneOffKind, dt.datetime, dt.datetime]], now: dt.datetime
) -> None:
    one_offs = [OneOffTime(kind, start, end, WHY) for kind, start, end in given_ones if start < end]
    any_plan = plan(*one_offs)
    status = said(any_plan, now)
    if status.chat_open:
        assert status.closes_at is not None
        assert not said(any_plan, status.closes_at).chat_open
    else:
        assert status.opens_at is not None
        assert now < status.opens_at
        assert said(any_plan, status.opens_at).chat_open
    closed = any(each.kind == OneOffKind.CLOSING and each.covers(now) for each in one_offs)
    assert not (closed and status.chat_open)
