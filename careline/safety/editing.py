"""What a change makes of the rules, and which cases would then come out otherwise."""

import copy
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from careline.content.models import SafetyRuleSet
from careline.safety.cases import Case, Miss, check_cases, read_cases
from careline.safety.engine.compile import RuleError, compile_rules
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


def carried_over(
    rules: Rules, shipped: Sequence[Case]
) -> tuple[Rules, list[tuple[RuleChange, str]]]:
    """A pack's rules with every signed change in them, and the changes that don't fit, each why.

    A change fits when its phrase can be read, none of the pack's cases comes out otherwise for
    it, and its own message isn't taken for less than was signed.
    """
    signed = list(RuleChange.objects.standing())
    try:  # All at once: the cases take seconds, and nearly always everything fits.
        return _with_all(rules, signed, shipped), []
    except RuleError:
        pass
    fitting: list[RuleChange] = []
    left: list[tuple[RuleChange, str]] = []
    carried = rules
    for change in signed:
        try:
            carried = _with_all(rules, [*fitting, change], shipped)
        except RuleError as wrong:
            left.append((change, wrong.problem))
        else:
            fitting.append(change)
    return carried, left


def _with_all(rules: Rules, changes: Sequence[RuleChange], shipped: Sequence[Case]) -> Rules:
    if not changes:
        return rules
    changed = rules
    for change in changes:
        changed = _with_missing(changed, change)
    compiled = compile_rules(changed)
    moved = {change.rule for change in changes if change.kind == ChangeKind.LEVEL}
    own = [_own_case(len(shipped), change) for change in changes]
    misses = [
        miss
        for miss in check_cases(compiled, shipped)
        if miss.is_danger_missed or not moved.intersection(miss.found_rules)
    ]
    misses += [miss for miss in check_cases(compiled, own) if miss.is_danger_missed]
    if misses:
        first = misses[0]
        wrong = f"“{first.case.text}” gets {first.found}, not {first.case.level}"
        raise RuleError("cases", f"{len(misses)} cases fail: {wrong}")
    return changed


def _with_missing(rules: Rules, change: RuleChange) -> Rules:
    """The rules with the change, unless the pack has brought the same phrase itself."""
    for each in rules["rules"]:
        if each["key"] == change.rule:
            known = change.kind == ChangeKind.PHRASE
            known = known and change.phrase in each["patterns"].get(change.language, ())
            return rules if known else with_change(rules, change)
    raise RuleError("rules", f"there is no sign {change.rule} any more")


def _own_case(number: int, change: RuleChange) -> Case:
    return Case(number, change.example, change.language, Level(change.example_level), "")


def cases(changes: Iterable[RuleChange] = ()) -> list[Case]:
    """The cases of the pack, those of every signed change, and those of these changes."""
    shipped = read_cases(read_yaml(Path(settings.PACKS_DIR) / PACK / "cases.yaml"))
    added = [*RuleChange.objects.signed(), *changes]
    return shipped + [_own_case(len(shipped) + number, each) for number, each in enumerate(added)]


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
