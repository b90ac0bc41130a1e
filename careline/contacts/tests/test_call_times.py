"""The windows of a call: only such that are to come and in which somebody is here."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from careline.contacts.call_times import DAYS_OFFERED, SHORTEST, Span, next_like, offered
from careline.contacts.enums import CallbackWindow

ZONE = ZoneInfo("America/Chicago")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(dt.UTC)


def weekdays(first: str, days: int = 14) -> list[Span]:
    """Return 07:00 to 18:30 of each weekday."""
    start = dt.date.fromisoformat(first)
    all_days = [start + dt.timedelta(days=offset) for offset in range(days)]
    return [(at(f"{day}T07:00"), at(f"{day}T18:30")) for day in all_days if day.weekday() < 5]


MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=dt.UTC)
)


def test_nothing_is_offered_where_nobody_is_ever_here() -> None:
    assert offered([], at("2026-11-24T10:00"), ZONE) == []
    assert next_like(CallbackWindow.MORNING, [], at("2026-11-24T10:00"), ZONE) is None


def test_what_is_left_of_a_day_is_offered_only_while_an_hour_of_it_is_left() -> None:
    keys = {time.key for time in offered(weekdays("2026-11-24"), at("2026-11-24T10:20"), ZONE)}
    assert "2026-11-24.morning" not in keys
    assert {"2026-11-24.midday", "2026-11-25.morning"} <= keys


@given(MOMENTS)
def test_every_window_is_to_come_within_the_hours_and_of_its_day(now: dt.datetime) -> None:
    spans = weekdays(now.date().isoformat())
    times = offered(spans, now, ZONE)
    assert len({time.day for time in times if not time.is_any}) == DAYS_OFFERED
    for time in times:
        assert now <= time.starts <= time.ends - SHORTEST
        assert any(opens <= time.starts and time.ends <= closes for opens, closes in spans)
        assert time.starts.astimezone(ZONE).date() == time.day
    assert len({time.key for time in times}) == len(times)


def test_a_morning_keeps_its_hours_on_the_clock_when_summer_time_begins() -> None:
    days = [(at(f"2026-03-0{day}T07:00"), at(f"2026-03-0{day}T18:30")) for day in (6, 8, 9)]
    times = offered(days, at("2026-03-05T12:00"), ZONE)
    mornings = [time.starts for time in times if time.part is CallbackWindow.MORNING]
    assert [moment.astimezone(ZONE).hour for moment in mornings] == [7, 7, 7]
    assert [moment.hour for moment in mornings] == [13, 12, 12]


def test_who_wanted_mornings_is_called_on_the_next_morning() -> None:
    now = at("2026-11-24T11:00")
    again = next_like(CallbackWindow.MORNING, weekdays("2026-11-24"), now, ZONE)
    assert again is not None
    assert again.key == "2026-11-25.morning"


def test_open_day_and_night_the_soonest_is_no_longer_than_the_day() -> None:
    now = at("2026-11-24T22:00")
    soonest = offered([(now, now + dt.timedelta(days=14))], now, ZONE)[0]
    assert (soonest.starts, soonest.ends) == (now, at("2026-11-25T00:00"))
