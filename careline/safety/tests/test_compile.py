"""Rule data that can't be used names the place and what is expected there."""

import copy
from typing import Any

import pytest

from careline.safety.engine.compile import RuleError, compile_rules


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data.update(format=2), "format"),
        (lambda data: data.pop("scope"), "scope"),
        (lambda data: data.update(rules="x"), "rules"),
        (lambda data: data["rules"][2].update(level="terrible"), r"rules\[2\].level"),
        (lambda data: data["rules"][2].update(colour="red"), r"rules\[2\]: unknown field 'colour'"),
        (lambda data: data["rules"][1].update(key=data["rules"][0]["key"]), "used twice"),
        (
            lambda data: data["rules"][0]["patterns"]["en"].append("{x} y"),
            r"rules\[0\].patterns.en",
        ),
        (lambda data: data["rules"][0]["patterns"].update(en="x"), "expected a list"),
        (lambda data: data["groups"]["en"].update(mild=[False]), r"groups.en.mild\[0\]"),
        (lambda data: data["cues"].update(mood={"en": ["x"]}), "no cue called 'mood'"),
        (lambda data: data["temperature"].update(context="x"), "temperature.context"),
        (lambda data: data["counts"][0].update(units="x"), r"counts\[0\].units"),
        (lambda data: data["combos"][0].update(all=["x"]), r"combos\[0\].all"),
        (lambda data: data["scope"].update(present="x"), "scope.present"),
        (lambda data: data.update(numbers=[]), "numbers"),
    ],
)
def test_a_mistake_names_its_place(rule_data: Any, change: Any, where: str) -> None:
    data = copy.deepcopy(rule_data)
    change(data)
    with pytest.raises(RuleError, match=where):
        compile_rules(data)


@pytest.mark.parametrize("data", [None, [], "rules", 7, {}])
def test_what_is_no_rule_file_is_refused(data: object) -> None:
    with pytest.raises(RuleError):
        compile_rules(data)
