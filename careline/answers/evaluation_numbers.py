"""From what came of the cases to rates with their uncertainty, and what a pack asks of them."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from careline.answers.evaluation import Outcome, Verdict
from careline.content.packs.schema import Evaluation
from careline.safety import Level

_Z = 1.959964  # 95%
_ALARM = Level.URGENT.rank


@dataclass(frozen=True)
class Rate:
    """So many of so many. `low` and `high` are Wilson's 95% interval (Wilson 1927)."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """The share; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which shares the true one lies, in 95 of 100 such samples; None of nothing."""
        if not self.of:
            return None
        share, square = self.hits / self.of, _Z * _Z / self.of
        middle = share + square / 2
        width = _Z * math.sqrt(share * (1 - share) / self.of + square / (4 * self.of))
        low, high = (middle - width) / (1 + square), (middle + width) / (1 + square)
        return max(0.0, low), min(1.0, high)


@dataclass(frozen=True)
class Numbers:
    """All rates of one set of outcomes.

    `right` and `missed` are of the questions that have an answer, `wrong` of all
    questions, `precision` of the answers that were given. `refused` is of the
    questions that have no answer, `refusal_precision` of all refusals, `kinds` of
    the right refusals those with the words expected. A level is seen when a text is
    taken for it or for worse; false alarms are harmless texts taken for urgent or worse.
    """

    right: Rate
    missed: Rate
    wrong: Rate
    precision: Rate
    refused: Rate
    refusal_precision: Rate
    kinds: Rate
    danger: dict[Level, Rate]
    false_alarms: Rate


def numbers(outcomes: Iterable[Outcome]) -> Numbers:
    """Return the rates."""
    everything = list(outcomes)
    asked = [one for one in everything if one.verdict is not None]
    answerable = [one for one in asked if one.case.answer]
    count = {verdict: sum(one.verdict is verdict for one in asked) for verdict in Verdict}
    given = count[Verdict.RIGHT] + count[Verdict.WRONG]
    refusals = count[Verdict.REFUSED] + count[Verdict.MISSED]
    fits = sum(one.verdict is Verdict.REFUSED and one.kind_fits for one in asked)
    return Numbers(
        right=Rate(count[Verdict.RIGHT], len(answerable)),
        missed=Rate(count[Verdict.MISSED], len(answerable)),
        wrong=Rate(count[Verdict.WRONG], len(asked)),
        precision=Rate(count[Verdict.RIGHT], given),
        refused=Rate(count[Verdict.REFUSED], len(asked) - len(answerable)),
        refusal_precision=Rate(count[Verdict.REFUSED], refusals),
        kinds=Rate(fits, count[Verdict.REFUSED]),
        danger=_danger(everything),
        false_alarms=_false_alarms(everything),
    )


def _danger(outcomes: Sequence[Outcome]) -> dict[Level, Rate]:
    found: dict[Level, Rate] = {}
    for level in Level:
        ranks = [one.found.rank for one in outcomes if one.found and one.expected_level is level]
        if ranks and level is not Level.NONE:
            found[level] = Rate(sum(rank >= level.rank for rank in ranks), len(ranks))
    return found


def _false_alarms(outcomes: Sequence[Outcome]) -> Rate:
    harmless = [
        one.found.rank
        for one in outcomes
        if one.found and one.expected_level and one.expected_level.rank < _ALARM
    ]
    return Rate(sum(rank >= _ALARM for rank in harmless), len(harmless))


@dataclass(frozen=True)
class Demand:
    """One thing that a pack asks of itself, and whether it is so."""

    name: str
    limit: float
    rate: Rate
    at_most: bool

    @property
    def is_kept(self) -> bool:
        """Whether it is; of nothing, everything holds."""
        share = self.rate.share
        if share is None:
            return True
        return share <= self.limit if self.at_most else share >= self.limit


def demands(asked: Evaluation | None, found: Numbers) -> Iterator[Demand]:
    """Yield what the pack states in pack.yaml, each held against what was found."""
    if asked is None:
        return
    simple = (
        ("wrong answers", asked.wrong_at_most, found.wrong, True),
        ("answered right", asked.right_at_least, found.right, False),
        ("rightly refused", asked.refused_at_least, found.refused, False),
        ("false alarms", asked.false_alarms_at_most, found.false_alarms, True),
    )
    for name, limit, rate, at_most in simple:
        if limit is not None:
            yield Demand(name, limit, rate, at_most)
    for level, limit in asked.danger_at_least.items():
        rate = found.danger.get(Level(level.value), Rate(0, 0))
        yield Demand(f"{level.value} seen", limit, rate, at_most=False)
