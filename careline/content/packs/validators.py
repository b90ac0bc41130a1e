"""Where an app above content says how its part of a pack is checked.

Content may not import safety; safety registers its validators when the app is
ready: `register_validator("safety", check)`, which is asked for every pack of that
key that holds rule files, and `register_cases_validator(check)`, which is asked for
the cases of every other pack; both before anything is stored. What was signed here on top
of a pack's rules it keeps by `register_rules_keeper("safety", keep)`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from careline.content.packs.problems import Problem

# Apps register at every start; what reads packs is loaded by whoever loads one.
if TYPE_CHECKING:
    from careline.content.packs.read import PackText
    from careline.content.packs.schema import CaseEntry


@dataclass(frozen=True)
class Finding:
    """What a validator found: in which file (its stem), at which path of keys, what and what is
    expected."""

    file: str
    path: tuple[int | str, ...]
    message: str


# Takes {"rules": …, "cards": …, "cases": …} as the YAML files hold them.
Validator = Callable[[Mapping[str, Any]], Iterable[Finding]]

# Takes the entries of cases.yaml; its findings' paths begin with the number of the entry.
CasesValidator = Callable[[Sequence["CaseEntry"]], Iterable[Finding]]

# Takes a pack's rules and cases as plain data; returns the rules with what was signed here in
# them, and words on each change that doesn't go with them.
RulesKeeper = Callable[[dict[str, Any], Any], tuple[dict[str, Any], list[str]]]

_keepers: dict[str, RulesKeeper] = {}
_validators: dict[str, Validator] = {}
_cases_validators: list[CasesValidator] = []


def register_validator(pack: str, validator: Validator) -> None:
    """Have `validator` check the rule files of every pack with this key."""
    _validators[pack] = validator


def register_cases_validator(validator: CasesValidator) -> None:
    """Have `validator` check the cases of every pack that isn't a pack of rules."""
    if validator not in _cases_validators:
        _cases_validators.append(validator)


def register_rules_keeper(pack: str, keeper: RulesKeeper) -> None:
    """Have `keeper` put what was signed here into the rules of every pack with this key."""
    _keepers[pack] = keeper


def with_signed(pack: str, rules: Any, cases: Any) -> tuple[Any, list[str]]:
    """Return the pack's rules with what was signed here, and words on what doesn't fit."""
    keeper = _keepers.get(pack)
    return keeper(rules, cases) if keeper else (rules, [])


def findings_of(pack: "PackText") -> list[Problem]:
    """Return what is wrong with the pack's cases, or with its rule files."""
    if not pack.rule_files:
        return [
            pack.lists["cases"].file.problem(finding.path, finding.message)
            for validator in _cases_validators
            if "cases" in pack.lists
            for finding in validator(pack.entries("cases"))
        ]
    missing = [name for name in ("rules", "cards") if name not in pack.rule_files]
    if missing:
        return [Problem(f"{name}.yaml", 1, "the file is missing; expected it") for name in missing]
    validator = _validators.get(pack.header.pack)
    if validator is None:
        message = f"nobody checks rules of a pack '{pack.header.pack}'; expected the pack 'safety'"
        return [Problem("rules.yaml", 1, message)]
    return [_problem(pack, finding) for finding in validator(pack.rules)]


def _problem(pack: "PackText", finding: Finding) -> Problem:
    file = pack.rule_files.get(finding.file)
    if file is None:
        return Problem(f"{finding.file}.yaml", 1, finding.message)
    return file.problem(finding.path, finding.message)
