"""What an evaluation prints: for people, and as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from careline.answers.evaluation import Outcome, Verdict
from careline.answers.evaluation_cases import CaseSet
from careline.answers.evaluation_numbers import Demand, Numbers, Rate, demands, numbers
from careline.content.packs.schema import CaseEntry

_WORDS = (
    ("right", "answered right, of those with an answer"),
    ("missed", "refused, though there is an answer"),
    ("wrong", "wrong answers, of all questions"),
    ("precision", "right, of the answers given"),
    ("refused", "refused, of those without an answer"),
    ("refusal_precision", "rightly, of the refusals"),
    ("kinds", "in the words expected, of the right refusals"),
)


@dataclass(frozen=True)
class Report:
    """One set of cases with what came of them."""

    asked: CaseSet
    outcomes: tuple[Outcome, ...]
    # Cases that are nearly variants or refusal examples.
    learnt: tuple[CaseEntry, ...] = ()

    @property
    def numbers(self) -> Numbers:
        """The rates of all cases."""
        return numbers(self.outcomes)

    @property
    def by_language(self) -> dict[str, Numbers]:
        """The rates of each language that has cases."""
        languages = sorted({one.case.language for one in self.outcomes})
        return {
            code: numbers(one for one in self.outcomes if one.case.language == code)
            for code in languages
        }

    @property
    def demands(self) -> list[Demand]:
        """What the pack asks, each with what was found."""
        return list(demands(self.asked.evaluation, self.numbers))

    @property
    def misses(self) -> list[Outcome]:
        """What somebody should look at."""
        return [one for one in self.outcomes if one.is_miss]

    @property
    def levels_missed(self) -> int:
        """How many texts were taken for something else than their case says."""
        return sum(one.is_level_missed for one in self.outcomes)

    @property
    def is_passed(self) -> bool:
        """Whether everything is kept that the pack asks; its danger cases are asked always."""
        danger = self.asked.danger_is_asked and self.levels_missed
        return not danger and all(demand.is_kept for demand in self.demands)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "name": self.asked.name,
            "cases": len(self.outcomes),
            "passed": self.is_passed,
            **_numbers(self.numbers),
            "by_language": {code: _numbers(each) for code, each in self.by_language.items()},
            "demands": [
                {
                    "name": one.name,
                    "limit": one.limit,
                    "at_most": one.at_most,
                    "kept": one.is_kept,
                    **_rate(one.rate),
                }
                for one in self.demands
            ],
            "misses": [_miss(one) for one in self.misses],
            "learnt": [case.question for case in self.learnt],
        }

    def lines(self) -> Iterator[str]:
        """Yield the report's lines for a terminal."""
        count = len(self.outcomes)
        yield f"{self.asked.name}: {count} case{'' if count == 1 else 's'}"
        yield from _table(self.numbers)
        if len(self.by_language) > 1:
            for code, found in self.by_language.items():
                yield f"  in {code}"
                yield from (f"  {line}" for line in _table(found))
        for demand in self.demands:
            most = "at most" if demand.at_most else "at least"
            kept = "kept" if demand.is_kept else "NOT KEPT"
            yield f"  {kept}: {demand.name} {most} {demand.limit:.0%}"
        if self.asked.danger_is_asked and self.levels_missed:
            yield f"  NOT KEPT: every danger case as it says; {self.levels_missed} otherwise"
        if self.learnt:
            yield "  examine nothing, being nearly variants: ask them otherwise"
            yield from (f'    {case.language} "{case.question}"' for case in self.learnt)
        if self.misses:
            yield "  to look at"
            yield from (f"    {_in_words(one)}" for one in self.misses)


def _table(found: Numbers) -> Iterator[str]:
    for name, words in _WORDS:
        rate: Rate = getattr(found, name)
        if rate.of:
            yield _line(rate, words)
    for level, rate in found.danger.items():
        yield _line(rate, f"{level.value} seen")
    if found.false_alarms.of:
        yield _line(found.false_alarms, "false alarms, of the harmless")


def _line(rate: Rate, words: str) -> str:
    low, high = rate.interval or (0.0, 1.0)
    span = f"({low * 100:.1f} to {high * 100:.1f})"
    share = f"{(rate.share or 0) * 100:.1f}%"
    return f"  {rate.hits:>5} of {rate.of:<5} {share:>6} {span:<16} {words}"


def _in_words(one: Outcome) -> str:
    parts = []
    expected = " or ".join(one.case.answer or [kind.value for kind in one.case.refusal])
    if one.verdict in (Verdict.WRONG, Verdict.MISSED) or not one.kind_fits:
        parts.append(f"expected {expected}; {one.given}")
    if one.is_level_missed and one.found is not None:
        why = f" because of {', '.join(one.rules)}" if one.rules else ""
        parts.append(f"level {one.case.danger}; found {one.found.value}{why}")
    return f'{one.case.language} "{one.case.question}": {"; ".join(parts)}'


def _numbers(found: Numbers) -> dict[str, Any]:
    return {
        field.name: {level.value: _rate(rate) for level, rate in found.danger.items()}
        if field.name == "danger"
        else _rate(getattr(found, field.name))
        for field in fields(found)
    }


def _rate(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval or (None, None)
    return {"hits": rate.hits, "of": rate.of, "share": rate.share, "low": low, "high": high}


def _miss(one: Outcome) -> dict[str, Any]:
    return {
        "question": one.case.question,
        "language": one.case.language,
        "verdict": one.verdict.value if one.verdict else None,
        "answer": list(one.case.answer),
        "refusal": [kind.value for kind in one.case.refusal],
        "given": one.given,
        "danger": one.case.danger.value if one.case.danger else None,
        "found": one.found.value if one.found else None,
        "rules": list(one.rules),
    }
