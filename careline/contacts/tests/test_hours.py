"""Opening hours: closed unless everything says open; holidays, summer time, people, room."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from careline.contacts import hours, opening_rows, presence
from careline.contacts.hours import OpeningStatus, Reason
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.core import clock

CENTRAL = ZoneInfo("America/Chicago")


def at(text: str) -> dt.datetime:
    """Return a moment given as wall time in Chicago."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=CENTRAL)


def planned(moment: dt.datetime) -> OpeningStatus:
    """Return what the settings alone say of a moment."""
    return hours.scheduled(moment, opening_rows.of_settings())


class TestTheSchedule:
    @pytest.mark.parametrize(
        ("now", "opens"),
        [
            ("2026-11-23T06:59:59", "2026-11-23T07:00"),  # Monday, a second early
            ("2026-11-23T18:30", "2026-11-24T07:00"),  # Monday, just closed
            ("2026-11-20T18:30", "2026-11-23T07:00"),  # Friday evening: over the weekend
            ("2026-11-21T12:00", "2026-11-23T07:00"),  # Saturday
        ],
    )
    def test_outside_hours_it_says_when_chat_opens(self, now: str, opens: str) -> None:
        status = planned(at(now))
        assert (status.chat_open, status.reason) == (False, Reason.OUTSIDE_HOURS)
        assert status.opens_at == at(opens)

    @pytest.mark.parametrize(
        ("now", "opens"),
        [
            ("2026-11-26T10:00", "2026-11-27T07:00"),  # Thanksgiving
            ("2026-07-03T10:00", "2026-07-06T07:00"),  # 4 July 2026 is a Saturday: Friday off
            ("2027-07-05T10:00", "2027-07-06T07:00"),  # 4 July 2027 is a Sunday: Monday off
            ("2027-12-31T10:00", "2028-01-03T07:00"),  # 1 January 2028 is a Saturday
            ("2026-10-12T10:00", "2026-10-13T07:00"),  # Columbus Day
        ],
    )
    def test_holidays_and_their_observed_days_are_closed(self, now: str, opens: str) -> None:
        status = planned(at(now))
        assert (status.chat_open, status.reason) == (False, Reason.HOLIDAY)
        assert status.opens_at == at(opens)

    def test_the_next_opening_skips_a_holiday(self) -> None:
        evening_before = planned(at("2026-11-25T19:00"))
        assert evening_before.opens_at == at("2026-11-27T07:00")

    def test_without_a_country_there_are_no_holidays(self, settings: Settings) -> None:
        settings.CHAT_HOLIDAYS_COUNTRY = ""
        assert planned(at("2026-11-26T10:00")).chat_open

    def test_a_service_without_hours_never_opens(self, settings: Settings) -> None:
        settings.CHAT_HOURS = {}
        status = planned(at("2026-11-23T10:00"))
        assert (status.chat_open, status.opens_at) == (False, None)

    def test_within_hours_it_says_until_when(self) -> None:
        status = planned(at("2026-11-23T07:00"))
        assert (status.chat_open, status.reason) == (True, Reason.OPEN)
        assert status.closes_at == at("2026-11-23T18:30")

    def test_the_hours_keep_to_the_wall_clock_across_summer_time(self) -> None:
        before = planned(at("2027-03-12T19:00"))  # Friday, winter time
        assert before.opens_at == dt.datetime(2027, 3, 15, 12, 0, tzinfo=dt.UTC)
        assert planned(at("2027-03-12T06:00")).opens_at == dt.datetime(
            2027, 3, 12, 13, 0, tzinfo=dt.UTC
        )

    def test_hours_may_cross_midnight_and_have_a_break(self, settings: Settings) -> None:
        settings.CHAT_HOURS = {"0": "20:00-02:00 08:00-12:00"}
        assert planned(at("2026-11-24T01:59")).chat_open
        assert planned(at("2026-11-23T13:00")).opens_at == at("2026-11-23T20:00")

    def test_open_all_day_has_no_gap_at_midnight(self, settings: Settings) -> None:
        settings.CHAT_HOURS = {str(day): "00:00-24:00" for day in range(7)}
        settings.CHAT_HOLIDAYS_COUNTRY = ""
        assert planned(at("2026-11-23T23:59:59")).chat_open
        assert planned(at("2026-11-24T00:00")).chat_open
        assert planned(at("2026-11-24T00:00")).closes_at is None

    @given(st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2032, 1, 1)))
    def test_what_it_promises_comes_true(self, moment: dt.datetime) -> None:
        now = moment.replace(tzinfo=dt.UTC)
        status = planned(now)
        if status.chat_open:
            assert status.closes_at is not None
            assert now < status.closes_at
            assert not planned(status.closes_at).chat_open
        else:
            assert status.opens_at is not None
            assert now < status.opens_at
            assert planned(status.opens_at).chat_open


@pytest.mark.django_db
class TestPeopleAndRoom:
    NOW = at("2026-11-23T10:00")

    def test_closed_when_nobody_accepts(self) -> None:
        status = hours.status(self.NOW)
        assert (status.chat_open, status.reason) == (False, Reason.NOBODY_ACCEPTING)
        assert status.opens_at is None

    def test_closed_when_the_desk_was_not_seen_for_a_while(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: self.NOW)
        presence.set_accepting(acting_user=make_specialist(), accepting=True)
        assert hours.status(self.NOW + presence.SEEN_WITHIN).chat_open
        late = self.NOW + presence.SEEN_WITHIN + dt.timedelta(seconds=1)
        assert hours.status(late).reason is Reason.NOBODY_ACCEPTING

    def test_closed_when_the_queue_is_full(
        self, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: self.NOW)
        settings.CHAT_QUEUE_CAP = 1
        presence.set_accepting(acting_user=make_specialist(), accepting=True)
        assert hours.status().chat_open
        open_chat()
        assert hours.status().reason is Reason.QUEUE_FULL

    def test_closed_outside_hours_whoever_is_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        night = at("2026-11-23T03:00")
        monkeypatch.setattr(clock, "now", lambda: night)
        presence.set_accepting(acting_user=make_specialist(), accepting=True)
        assert hours.status().reason is Reason.OUTSIDE_HOURS
