"""The worker's tick, in the database, where every process and every machine sees it.

From it follow three things: health checks say how long ago a worker looked; web processes
stand in for a worker that is gone (core.periodic); and a clock that was set forward deletes
nothing before somebody had a day to notice.
"""

import datetime as dt
import logging

from careline.core import clock
from careline.core.events import Event, log
from careline.core.models import Tick

WORKER, CLOCK_JUMPED = "worker", "clock-jumped"
# After a longer silence, by the clock, either nothing ran or the clock was set forward.
_LONGEST_SILENCE = dt.timedelta(hours=48)
_REST = dt.timedelta(hours=24)


def note(now: dt.datetime | None = None) -> None:
    """Write down that a worker looked at `now`."""
    now = now or clock.now()
    before = last()
    if before is not None and now - before > _LONGEST_SILENCE:
        Tick.objects.update_or_create(name=CLOCK_JUMPED, defaults={"at": now})
        log(Event.CLOCK_JUMPED, level=logging.WARNING, hours=(now - before).total_seconds() / 3600)
    Tick.objects.update_or_create(name=WORKER, defaults={"at": now})


def last() -> dt.datetime | None:
    """Return when a worker last looked, by that worker's clock."""
    return _at(WORKER)


def age_seconds(now: dt.datetime | None = None) -> float | None:
    """Return how many seconds ago that was; None if no worker ever ran."""
    at = last()
    return None if at is None else abs(((now or clock.now()) - at).total_seconds())


def deletion_rests(now: dt.datetime) -> bool:
    """Return whether to delete nothing now, because the clock may have been set forward.

    A machine that starts with a wrong clock would else delete conversations of today as if
    they were months old. After a day it is believed.
    """
    before, jumped = last(), _at(CLOCK_JUMPED)
    if before is not None and now - before > _LONGEST_SILENCE:
        return True  # Just now, and not yet noted.
    return jumped is not None and abs(now - jumped) < _REST


def _at(name: str) -> dt.datetime | None:
    return Tick.objects.filter(name=name).values_list("at", flat=True).first()
