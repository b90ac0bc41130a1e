"""The worker's tick, who stands in for a worker that is gone, and a clock that jumps."""

import datetime as dt

import pytest
import time_machine

from careline.core import clock, periodic, retention, ticks
from careline.core.events import Event
from careline.core.models import Tick
from careline.core.periodic import GONE_SECONDS, PeriodicJob, StandIn

NOW = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the jobs of this test did; no other job is known."""
    found: list[str] = []
    jobs = [
        PeriodicJob("urgent", 5, lambda: found.append("urgent"), urgent=True),
        PeriodicJob("purge", 5, lambda: found.append("purge")),
    ]
    monkeypatch.setattr(periodic, "_jobs", {job.name: job for job in jobs})
    return found


@pytest.mark.django_db(transaction=True)
class TestStandIn:
    def test_it_does_nothing_while_a_worker_ticks(self, done: list[str]) -> None:
        stand_in = StandIn()
        for seconds in range(0, 100, 5):
            ticks.note(NOW + dt.timedelta(seconds=seconds))
            stand_in.look(float(seconds))
        assert done == []

    def test_it_does_what_is_urgent_once_the_tick_stands_still_and_until_it_moves(
        self, done: list[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        stand_in = StandIn()
        ticks.note(NOW)
        stand_in.look(0.0)
        stand_in.look(GONE_SECONDS)
        assert done == []
        stand_in.look(GONE_SECONDS + 1)
        stand_in.look(GONE_SECONDS + 6)
        assert done == ["urgent", "urgent"]
        # A clock that was set back is no reason to think that nobody ticks.
        ticks.note(NOW - dt.timedelta(hours=1))
        stand_in.look(GONE_SECONDS + 11)
        assert done == ["urgent", "urgent"]
        assert caplog.messages == [Event.WORKER_GONE.value, Event.WORKER_BACK.value]

    def test_a_service_whose_worker_never_started_is_looked_after_too(
        self, done: list[str]
    ) -> None:
        stand_in = StandIn()
        stand_in._since = 0.0
        stand_in.look(GONE_SECONDS + 1)
        assert done == ["urgent"]


class TestClock:
    @pytest.fixture
    def deleted(self, monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
        """When something was deleted."""
        found: list[dt.datetime] = []
        monkeypatch.setattr(retention, "purge_all", lambda now, dry_run: found.append(now))
        return found

    def purge_at(self, moment: dt.datetime) -> None:
        with time_machine.travel(moment, tick=False):
            retention.purge_what_is_due()

    def test_a_clock_that_was_set_forward_deletes_nothing_for_a_day(
        self, deleted: list[dt.datetime], caplog: pytest.LogCaptureFixture
    ) -> None:
        ticks.note(NOW)
        wrong = NOW + dt.timedelta(days=400)
        self.purge_at(wrong)  # Before the worker has ticked.
        ticks.note(wrong)
        self.purge_at(wrong + dt.timedelta(hours=23))
        assert deleted == []
        assert any(line.startswith(Event.CLOCK_JUMPED.value) for line in caplog.messages)

        self.purge_at(wrong + dt.timedelta(hours=25))
        assert len(deleted) == 1, "after a day the clock is believed"

    def test_set_right_again_it_deletes_as_before(self, deleted: list[dt.datetime]) -> None:
        ticks.note(NOW)
        ticks.note(NOW + dt.timedelta(days=400))
        right = NOW + dt.timedelta(minutes=10)
        ticks.note(right)
        self.purge_at(right)
        assert deleted == [right]

    def test_a_night_without_a_worker_is_no_jump(self, deleted: list[dt.datetime]) -> None:
        ticks.note(NOW)
        morning = NOW + dt.timedelta(hours=14)
        ticks.note(morning)
        self.purge_at(morning)
        assert deleted == [morning]
        assert not Tick.objects.filter(name=ticks.CLOCK_JUMPED).exists()

    def test_a_service_that_starts_for_the_first_time_may_delete(
        self, deleted: list[dt.datetime]
    ) -> None:
        self.purge_at(clock.now())
        assert len(deleted) == 1
