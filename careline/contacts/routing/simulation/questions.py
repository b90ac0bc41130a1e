"""Questions to the simulation: does it agree with theory, and how many people does an hour take."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from careline.contacts.routing.simulation.engine import Run, simulate
from careline.contacts.routing.simulation.erlang import Expected, Queue, expected
from careline.contacts.routing.simulation.plan import (
    SLOT_SECONDS,
    SLOTS_A_WEEK,
    WEEK_SECONDS,
    Plan,
    Target,
    draw,
    people_needed,
)
from careline.contacts.routing.simulation.results import Summary, occupancy, summary

# People and load per person: a small and a large desk, with and without patience.
CHECKS = ((5, 0.75, math.inf), (20, 0.8, math.inf), (5, 0.9, 480.0), (20, 1.0, 480.0))


@dataclass(frozen=True)
class Check:
    """One stationary queue: what came of it and what theory says of the same rates."""

    people: int
    patience_seconds: float
    contacts: int
    found: Summary
    found_occupancy: float
    theory: Expected

    @property
    def error(self) -> float:
        """How far the mean wait is off, as a share of theory's."""
        return self.found.mean_wait / self.theory.mean_wait - 1


def stationary(plan: Plan, rate: float, people: int, contacts: int) -> Plan:
    """Return the plan as one endless half hour: the same rate and people at all times."""
    weeks = max(1, math.ceil(contacts / (rate * WEEK_SECONDS)))
    # A stretch of whole weeks; the rate is thinned so that about `contacts` come.
    share = contacts / (rate * WEEK_SECONDS * weeks)
    length = max(1, round(SLOTS_A_WEEK * share))
    rates = np.zeros(SLOTS_A_WEEK)
    rates[:length] = rate
    staffing = (people,) * SLOTS_A_WEEK
    if weeks == 1:
        return replace(plan, rates=rates, weeks=1, staffing=staffing, bursts=0)
    return replace(
        plan, rates=np.full(SLOTS_A_WEEK, rate), weeks=weeks, staffing=staffing, bursts=0
    )


def agrees(target: Target, contacts: int, seed: int = 1) -> Iterator[Check]:
    """Yield checks under Erlang's own assumptions: exponential times, answers at once, one skill.

    Theory is asked about the rates that were drawn, so that their luck isn't taken for an error.
    """
    for people, load, patience in CHECKS:
        plan = Plan(
            rates=np.zeros(SLOTS_A_WEEK),
            weeks=1,
            patience_seconds=patience,
            answer_seconds=0.0,
            missed_share=0.0,
            declined_share=0.0,
            languages=(("en", 1.0),),
            danger_share=0.0,
            seed=seed,
        )
        rate = load * people / plan.service_seconds
        plan = stationary(plan, rate, people, contacts)
        run = simulate(plan, draw(plan))
        theory = expected(_as_drawn(run, plan, people), target.seconds)
        busy = run.busy_seconds / (_length(run) * people)
        yield Check(people, patience, len(run.wait), summary(run, target), busy, theory)


def _length(run: Run) -> float:
    return float(run.arrivals.at[-1])


def _as_drawn(run: Run, plan: Plan, people: int) -> Queue:
    rate = len(run.wait) / (math.ceil(_length(run) / SLOT_SECONDS) * SLOT_SECONDS)
    patience = run.arrivals.patience
    drawn = math.inf if math.isinf(plan.patience_seconds) else float(patience.mean())
    return Queue(rate, float(run.arrivals.service.mean()), people, drawn)


@dataclass(frozen=True)
class Choice:
    """What so many people come to in one hour of the week."""

    people: int
    found: Summary
    occupancy: float
    theory: Expected


def choices(plan: Plan, slot: int, target: Target, contacts: int = 8_000) -> list[Choice]:
    """Return what some numbers of people come to in a half hour, around what Erlang says.

    Each is the half hour going on and on with the plan's own languages, offers and patience.
    """
    rate = float(plan.rates[slot])
    if not rate:
        return []
    guess = people_needed(plan, slot, target)
    found: list[Choice] = []
    people = max(1, guess - 2)
    while not found or (found[-1].found.service_level < target.share or people <= guess + 1):
        endless = stationary(plan, rate, people, contacts)
        run = simulate(endless, draw(endless))
        theory = expected(plan.queue_at(slot, people), target.seconds)
        found.append(Choice(people, summary(run, target), _busy(run, endless), theory))
        people += 1
        if people > guess + 12:
            break
    return found


def _busy(run: Run, plan: Plan) -> float:
    people = plan.staffing[0] * plan.capacity
    return min(1.0, run.busy_seconds / (_length(run) * people)) if people else occupancy(run)


def enough(found: list[Choice], target: Target) -> Choice | None:
    """Return the fewest people who reach the target, and with whom more reach it too."""
    best = None
    for choice in reversed(found):
        if choice.found.service_level < target.share:
            break
        best = choice
    return best
