"""Work that comes round: each domain registers its own in a module `periodic`,
`retention` or `housekeeping`.

Jobs run in the worker process and are safe to run twice: a purge that ran a
minute ago finds nothing.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connections
from django.utils.module_loading import autodiscover_modules

from careline.core import ticks
from careline.core.events import Event, log

Job = Callable[[], None]

# What comes round more often than this may not wait for a purge to end.
_SOON_SECONDS = 60
# A web process does the urgent work itself once no worker has looked for so long.
LOOK_SECONDS, GONE_SECONDS = 5.0, 20.0


@dataclass(frozen=True)
class PeriodicJob:
    """A job, how often it runs, and whether somebody waits for it."""

    name: str
    seconds: int
    run: Job
    urgent: bool = False


_jobs: dict[str, PeriodicJob] = {}


def every(*, seconds: int, urgent: bool = False) -> Callable[[Job], Job]:
    """Register a function to run each `seconds` in the worker.

    What is `urgent` is done by the web processes while no worker lives.
    """

    def register(job: Job) -> Job:
        name = f"{job.__module__}.{job.__name__}"
        _jobs[name] = PeriodicJob(name, seconds, job, urgent)
        return job

    return register


def all_jobs() -> list[PeriodicJob]:
    """Return every registered job, after asking each app for its own."""
    autodiscover_modules("periodic", "retention", "housekeeping")
    return sorted(_jobs.values(), key=lambda job: job.name)


def run_safely(job: PeriodicJob) -> None:
    """Run one job; a failure is logged and doesn't stop the others."""
    close_old_connections()
    try:
        job.run()
    except Exception as error:
        log(Event.TASK_FAILED, level=logging.ERROR, job=job.name, error=type(error).__name__)
    finally:
        close_old_connections()


def start_threads() -> list[threading.Thread]:
    """Start the worker's threads: one for what is due within a minute, one for the rest."""
    jobs = all_jobs()
    soon = [job for job in jobs if job.seconds < _SOON_SECONDS]
    later = [job for job in jobs if job.seconds >= _SOON_SECONDS]
    # A tick says that the work before it was done.
    soon.append(PeriodicJob("core.tick", int(LOOK_SECONDS), ticks.note))
    return [_start("periodic-soon", _loop, soon), _start("periodic-later", _loop, later)]


def start_stand_in() -> "StandIn":
    """Start the thread of a web process that does the urgent work while no worker lives."""
    stand_in = StandIn()
    _start("stand-in", stand_in.run)
    return stand_in


def _start(name: str, work: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, name=name, daemon=True)
    thread.start()
    return thread


def _loop(jobs: Collection[PeriodicJob]) -> None:
    due = {job: time.monotonic() for job in jobs}
    while due:
        for job, moment in due.items():
            if time.monotonic() >= moment:
                run_safely(job)
                due[job] = time.monotonic() + job.seconds
        time.sleep(1)


class StandIn:
    """Sees whether the worker's tick moves, and does the urgent jobs while it doesn't.

    Several at once do no harm, and no clock is compared with another machine's.
    """

    def __init__(self) -> None:
        self._seen: datetime | None = None
        self._since = time.monotonic()
        self._stopped = threading.Event()
        self.standing_in = False

    def run(self) -> None:
        """Look, and act, every few seconds until it is stopped."""
        try:
            while not self._stopped.wait(LOOK_SECONDS):
                self.look(time.monotonic())
        finally:
            connections.close_all()

    def stop(self) -> None:
        """Let it end; returns at once."""
        self._stopped.set()

    def look(self, at: float) -> None:
        """Look once, at this monotonic second."""
        close_old_connections()
        try:
            tick = ticks.last()
        except DatabaseError:
            return  # Whoever is away, it isn't the worker that matters now.
        finally:
            close_old_connections()
        if tick is None or tick != self._seen:
            self._seen, self._since = tick, self._since if tick is None else at
        self._say(gone=at - self._since > GONE_SECONDS)
        if self.standing_in:
            for job in [job for job in _jobs.values() if job.urgent]:
                run_safely(job)

    def _say(self, *, gone: bool) -> None:
        if gone != self.standing_in:
            self.standing_in = gone
            log(Event.WORKER_GONE if gone else Event.WORKER_BACK, level=logging.WARNING)
