"""What a change makes of the rules, and which cases would then come out otherwise."""

import copy
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from careline.content.models import SafetyRuleSet
from careline.safety.cases import Case, Miss, check_cases, read_cases
from careline.safety.engine.compile import compile_rules
from careline.safety.enums import ChangeKind
from careline.safety.levels import Level
from careline.safety.models import RuleChange
from careline.safety.rules_source import PACK, read_yaml

Rules = dict[str, Any]


def rules_now() -> tuple[Rules, Any]:
    """The rules and cards in force as data; the shipped ones while nothing was loaded."""
    in_force = SafetyRuleSet.objects.in_force()
    if in_force is not None:
        return in_force.rules, in_force.cards
    folder = Path(settings.PACKS_DIR) / PACK
    return read_yaml(folder / "rules.yaml"), read_yaml(folder / "cards.yaml")


def with_change(rules: Rules, change: RuleChange) -> Rules:
    """A copy of the rules with the change in it; raises KeyError for a sign that isn't there."""
    changed = copy.deepcopy(rules)
    rule = next((each for each in changed["rules"] if each["key"] == change.rule), None)
    if rule is None:
        raise KeyError(change.rule)
    if change.kind == ChangeKind.LEVEL:
        rule["level"] = change.level
    else:
        rule["patterns"].setdefault(change.language, []).insert(0, change.phrase)
    return changed


def cases(changes: Iterable[RuleChange] = ()) -> list[Case]:
    """The cases of the pack, those of every signed change, and those of these changes."""
    shipped = read_cases(read_yaml(Path(settings.PACKS_DIR) / PACK / "cases.yaml"))
    added = [*RuleChange.objects.signed(), *changes]
    return shipped + [
        Case(len(shipped) + number, each.example, each.language, Level(each.example_level), "")
        for number, each in enumerate(added)
    ]


def new_misses(before: Rules, after: Rules, checked: Sequence[Case]) -> list[Miss]:
    """The cases that `after` judges otherwise than they say, and `before` didn't.

    Raises RuleError when `after` can't be read.
    """
    found = check_cases(compile_rules(after), checked)
    if not found:
        return []
    known = check_cases(compile_rules(before), [miss.case for miss in found])
    stood = {miss.case.number for miss in known}
    own = {miss.case.number for miss in found if miss.case.number == checked[-1].number}
    return [miss for miss in found if miss.case.number not in stood - own]
