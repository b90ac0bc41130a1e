"""Test cases of a rule set: texts and the level that each must get."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from careline.safety.engine.compile import RuleError
from careline.safety.engine.judge import judge
from careline.safety.engine.rules import RuleSet
from careline.safety.levels import Level


@dataclass(frozen=True, slots=True)
class Case:
    """One text and its level; ``number`` is its place in the file, from 0."""

    number: int
    text: str
    language: str
    level: Level
    note: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A case that came out otherwise than expected; ``found_rules`` say why."""

    case: Case
    found: Level
    found_rules: tuple[str, ...]

    @property
    def is_danger_missed(self) -> bool:
        """The text was rated lower than it must be."""
        return self.found.rank < self.case.level.rank


def read_cases(data: object) -> list[Case]:
    """Read the contents of cases.yaml; raises RuleError that names the place."""
    entries = data.get("cases") if isinstance(data, Mapping) else None
    if not isinstance(entries, list) or not entries:
        raise RuleError("cases", "expected a list with at least one case")
    return [_case(number, entry) for number, entry in enumerate(entries)]


def _case(number: int, entry: object) -> Case:
    where = f"cases[{number}]"
    if not isinstance(entry, Mapping):
        raise RuleError(where, "expected text, language, level")
    values: dict[str, Any] = dict(entry)
    for name in ("text", "language", "level"):
        if not isinstance(values.get(name), str):
            raise RuleError(f"{where}.{name}", f"expected text, found {values.get(name)!r}")
    if values["level"] not in {level.value for level in Level}:
        raise RuleError(f"{where}.level", f"there is no level {values['level']!r}")
    note = str(values.get("note") or "")
    return Case(number, values["text"], values["language"], Level(values["level"]), note)


def check_cases(rules: RuleSet, cases: Iterable[Case]) -> list[Miss]:
    """Judge every case by ``rules`` and return those whose level differs, in their order."""
    misses: list[Miss] = []
    for case in cases:
        found = judge(rules, case.text, case.language)
        if found.level is not case.level:
            misses.append(Miss(case, found.level, tuple(sign.rule for sign in found.signs)))
    return misses
