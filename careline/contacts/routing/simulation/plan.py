"""What is simulated: who comes when, how patient they are, how long it takes, who is there."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from careline.contacts.routing.decide import Skill
from careline.contacts.routing.simulation.erlang import Queue, needed

SLOT_SECONDS = 1_800
SLOTS_A_DAY = 48
SLOTS_A_WEEK = 7 * SLOTS_A_DAY
WEEK_SECONDS = SLOTS_A_WEEK * SLOT_SECONDS
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]

# Shares of a usual day by hour, and of a usual week by day: mornings and Mondays are busiest.
_BY_HOUR = (
    (0.2,) * 6
    + (0.4, 0.8, 1.2, 1.5, 1.6, 1.5, 1.2, 1.2, 1.3, 1.2, 1.0, 0.8, 0.6, 0.5)
    + (
        0.4,
        0.4,
        0.3,
        0.2,
    )
)
_BY_DAY = (1.25, 1.1, 1.0, 0.95, 0.85, 0.5, 0.45)
_BURST_FACTOR, _BURST_SECONDS = 2.0, 36 * 3_600.0
_BILINGUAL_SHARE = 0.4


@dataclass(frozen=True)
class Target:
    """Which share of all is to be answered within how many seconds."""

    share: float = 0.8
    seconds: float = 60.0


@dataclass(frozen=True)
class Plan:
    """One simulated service. Times are in seconds; rates are arrivals a second by half hour."""

    rates: Numbers  # one for each half hour of a week
    weeks: int
    service_seconds: float = 900.0
    service_spread: float | None = None  # standard deviation over mean; None for exponential
    patience_seconds: float = 480.0
    after_call_seconds: float = 0.0
    answer_seconds: float = 6.0  # from offer to acceptance; 0 for at once
    missed_share: float = 0.01
    declined_share: float = 0.01
    capacity: int = 1
    languages: tuple[tuple[str, float], ...] = (("en", 0.88), ("es", 0.12))
    danger_share: float = 0.03
    bursts: int = 0
    staffing: tuple[int, ...] = field(default=())  # people for each half hour of a week
    seed: int = 1

    def queue_at(self, slot: int, people: int) -> Queue:
        """Return a half hour of the week as a stationary queue."""
        servers = people * self.capacity
        return Queue(
            float(self.rates[slot]),
            self.service_seconds + self.after_call_seconds,
            servers,
            self.patience_seconds,
        )

    def skills(self, number: int) -> tuple[Skill, ...]:
        """Return what person `number` is trained for: the first language, some in all."""
        first, *others = (name for name, _share in self.languages)
        spread = math.floor((number + 1) * _BILINGUAL_SHARE) > math.floor(number * _BILINGUAL_SHARE)
        known = [first, *others] if number == 0 or spread else [first]
        return tuple(Skill("", language, math.inf) for language in known)


def weekly_rates(a_year: int, is_open: Callable[[int], bool], weeks: int = 52) -> Numbers:
    """Return arrivals a second for each half hour of a week, from the usual shape of a week."""
    shape = np.zeros(SLOTS_A_WEEK)
    for slot in range(SLOTS_A_WEEK):
        if is_open(slot):
            day, half_hour = divmod(slot, SLOTS_A_DAY)
            shape[slot] = _BY_DAY[day] * _BY_HOUR[half_hour // 2]
    shape *= a_year / weeks / (shape.sum() * SLOT_SECONDS)
    return shape


def open_slots(hours: dict[str, str]) -> Callable[[int], bool]:
    """Return whether a half hour of the week lies in the opening hours ("0" -> "07:00-18:30")."""
    spans: dict[int, list[tuple[float, float]]] = {}
    for day, words in hours.items():
        spans[int(day)] = [_span(span) for span in words.split()]

    def is_open(slot: int) -> bool:
        day, half_hour = divmod(slot, SLOTS_A_DAY)
        at = half_hour / 2
        today = any(start <= at < end for start, end in spans.get(day, ()))
        before = spans.get((day - 1) % 7, ())
        return today or any(start <= at + 24 < end for start, end in before)

    return is_open


def _span(words: str) -> tuple[float, float]:
    start, end = (_hours(part) for part in words.split("-"))
    return (start, end) if end > start else (start, end + 24)


def _hours(words: str) -> float:
    at = dt.time.fromisoformat(words) if words != "24:00" else None
    return 24.0 if at is None else at.hour + at.minute / 60


def staffed(plan: Plan, target: Target, least: int = 2) -> tuple[int, ...]:
    """Return how many people each half hour of the week takes, by Erlang A."""
    return tuple(
        max(least, people_needed(plan, slot, target)) if plan.rates[slot] else 0
        for slot in range(SLOTS_A_WEEK)
    )


def people_needed(plan: Plan, slot: int, target: Target) -> int:
    """Return how many people a half hour takes, by Erlang A; C where nobody gives up."""
    servers = needed(plan.queue_at(slot, 1), target.seconds, target.share)
    return math.ceil(servers / plan.capacity)


@dataclass(frozen=True)
class Arrivals:
    """Everybody who comes, drawn before anything happens: two policies see the same people."""

    at: Numbers
    service: Numbers
    patience: Numbers
    answer: Numbers
    temper: Numbers  # decides by itself whether an offer is missed or declined
    language: list[str]
    danger: list[int]

    def __len__(self) -> int:
        return len(self.at)


def draw(plan: Plan) -> Arrivals:
    """Return the arrivals of a plan; the same seed draws the same people."""
    random = np.random.default_rng(plan.seed)
    at = _arrival_times(plan, random)
    count = len(at)
    names = [name for name, _share in plan.languages]
    shares = np.array([share for _name, share in plan.languages])
    picked = random.choice(len(names), size=count, p=shares / shares.sum())
    dangerous = random.random(count) < plan.danger_share
    patience = np.full(count, math.inf)
    if not math.isinf(plan.patience_seconds):
        patience = random.exponential(plan.patience_seconds, count)
    return Arrivals(
        at=at,
        service=_service(plan, count, random),
        patience=patience,
        answer=random.exponential(plan.answer_seconds, count) if plan.answer_seconds else at * 0,
        temper=random.random(count),
        language=[names[number] for number in picked],
        danger=[3 if danger else 0 for danger in dangerous],
    )


def _service(plan: Plan, count: int, random: np.random.Generator) -> Numbers:
    if plan.service_spread is None:
        return random.exponential(plan.service_seconds, count)
    variance = math.log(1 + plan.service_spread**2)
    middle = math.log(plan.service_seconds) - variance / 2
    return random.lognormal(middle, math.sqrt(variance), count)


def _arrival_times(plan: Plan, random: np.random.Generator) -> Numbers:
    """Draw a Poisson stream whose rate follows the week, and the bursts after news."""
    slots = plan.weeks * SLOTS_A_WEEK
    rates = np.tile(plan.rates, plan.weeks)
    starts = np.arange(slots) * float(SLOT_SECONDS)
    for burst in np.sort(random.uniform(0, plan.weeks * WEEK_SECONDS, plan.bursts)):
        since = np.clip(starts - burst, 0, None)
        rates = rates * (1 + _BURST_FACTOR * np.exp(-since / _BURST_SECONDS) * (starts >= burst))
    counts = random.poisson(rates * SLOT_SECONDS)
    within = random.random(int(counts.sum())) * SLOT_SECONDS
    return np.sort(np.repeat(starts, counts) + within)
