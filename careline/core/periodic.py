"""Work that comes round: each domain registers its own in a module `periodic`,
`retention` or `housekeeping`.

Jobs run in the worker process and are safe to run twice: a purge that ran a
minute ago finds nothing.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections
from django.utils.module_loading import autodiscover_modules

from careline.core.events import Event, log

Job = Callable[[], None]


@dataclass(frozen=True)
class PeriodicJob:
    """A job and how often it runs."""

    name: str
    seconds: int
    run: Job


_jobs: dict[str, PeriodicJob] = {}


def every(*, seconds: int) -> Callable[[Job], Job]:
    """Register a function to run each `seconds` in the worker."""

    def register(job: Job) -> Job:
        name = f"{job.__module__}.{job.__name__}"
        _jobs[name] = PeriodicJob(name, seconds, job)
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


def start_thread() -> threading.Thread:
    """Start the thread that runs the jobs when they are due."""
    thread = threading.Thread(target=_loop, name="periodic", daemon=True)
    thread.start()
    return thread


def _loop() -> None:
    due = {job: time.monotonic() for job in all_jobs()}
    while due:
        for job, moment in due.items():
            if time.monotonic() >= moment:
                run_safely(job)
                due[job] = time.monotonic() + job.seconds
        time.sleep(1)
