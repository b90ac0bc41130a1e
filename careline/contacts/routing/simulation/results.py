"""What a run comes to: waits, service level, abandonment, occupancy."""

from dataclasses import dataclass

import numpy as np

from careline.contacts.routing.simulation.engine import Outcome, Run
from careline.contacts.routing.simulation.plan import SLOT_SECONDS, SLOTS_A_WEEK, Target

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Summary:
    """The figures of some contacts; waits in seconds, also of those who gave up."""

    contacts: int
    mean_wait: float
    median_wait: float
    tenth_longest: float  # nine of ten wait no longer
    service_level: float  # the share of all that was answered within the target's seconds
    abandoned: float
    unserved: float


def summary(run: Run, target: Target, among: Mask | None = None) -> Summary:
    """Return the figures of a run, or of the contacts of it that `among` marks."""
    chosen = np.ones(len(run.wait), dtype=bool) if among is None else among
    wait, outcome = run.wait[chosen], run.outcome[chosen]
    if not len(wait):
        return Summary(0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    in_time = (outcome == Outcome.SERVED) & (wait <= target.seconds)
    return Summary(
        contacts=len(wait),
        mean_wait=float(wait.mean()),
        median_wait=float(np.median(wait)),
        tenth_longest=float(np.quantile(wait, 0.9)),
        service_level=float(in_time.mean()),
        abandoned=float((outcome == Outcome.ABANDONED).mean()),
        unserved=float((outcome == Outcome.UNSERVED).mean()),
    )


def occupancy(run: Run) -> float:
    """Return the share of the people's time in which they were with somebody."""
    return run.busy_seconds / run.staffed_seconds if run.staffed_seconds else 0.0


def in_danger(run: Run) -> Mask:
    """Mark those with signs of danger."""
    return np.array([rank > 0 for rank in run.arrivals.danger], dtype=bool)


def speaking(run: Run, language: str) -> Mask:
    """Mark those who chose a language."""
    return np.array([spoken == language for spoken in run.arrivals.language], dtype=bool)


def slot_of_week(run: Run) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return for each contact the half hour of the week in which it came."""
    return (run.arrivals.at // SLOT_SECONDS).astype(np.int64) % SLOTS_A_WEEK


def by_slot(run: Run, target: Target) -> dict[int, Summary]:
    """Return the figures of each half hour of the week in which anybody came."""
    slots = slot_of_week(run)
    return {int(slot): summary(run, target, slots == slot) for slot in np.unique(slots)}
