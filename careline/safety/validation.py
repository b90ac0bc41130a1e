"""What the pack loader asks before a safety pack is stored."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from careline.content.packs.validators import Finding
from careline.safety.cards import compile_cards
from careline.safety.cases import Miss, check_cases, read_cases
from careline.safety.engine.compile import RuleError, compile_rules
from careline.safety.fields import unknown_fields

_PART = re.compile(r"[^.\[\]]+")


def findings(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything wrong with a pack's rules, cards and cases; a failing case refuses the pack."""
    yield from unknown_fields(data)
    compiled: list[Any] = []
    cards = data.get("cards")
    yield from _tried("rules", lambda: compiled.append(compile_rules(data.get("rules"))))
    yield from _tried("cards", lambda: compile_cards(cards, demonstration=True))
    yield from _tried("cases", lambda: compiled.append(read_cases(data.get("cases"))))
    if len(compiled) == 2:
        rules, cases = compiled
        for miss in check_cases(rules, cases):
            yield Finding("cases", ("cases", miss.case.number), _explained(miss))


def _tried(file: str, attempt: Callable[[], object]) -> Iterator[Finding]:
    try:
        attempt()
    except RuleError as wrong:
        yield Finding(file, path_of(wrong.where), wrong.problem)


def path_of(where: str) -> tuple[int | str, ...]:
    """``rules[3].patterns.en[0]`` as ``("rules", 3, "patterns", "en", 0)``."""
    return tuple(int(part) if part.isdigit() else part for part in _PART.findall(where))


def _explained(miss: Miss) -> str:
    why = f" because of {', '.join(dict.fromkeys(miss.found_rules))}" if miss.found_rules else ""
    return f"the rules say '{miss.found}'{why}; expected '{miss.case.level}'"
