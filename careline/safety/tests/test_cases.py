"""The shipped rules against the shipped cases, and what the cases must cover."""

import itertools
from collections import Counter
from typing import Any

import pytest

from careline.safety.cases import check_cases, read_cases
from careline.safety.engine.compile import RuleError
from careline.safety.engine.rules import RuleSet
from careline.safety.levels import Level
from careline.safety.tests.conftest import read_pack_file


def test_every_shipped_case_gets_its_level(rules: RuleSet, case_data: Any) -> None:
    misses = check_cases(rules, read_cases(case_data))
    assert [(miss.case.text, miss.case.level, miss.found) for miss in misses] == []


def test_both_languages_have_cases_of_every_level(case_data: Any) -> None:
    counts = Counter((case.language, case.level) for case in read_cases(case_data))
    assert sum(counts.values()) >= 350
    for language, level in itertools.product(("en", "es"), Level):
        assert counts[language, level] >= 10, (language, level)


def test_every_rule_that_speaks_is_reached_by_a_case(rules: RuleSet, case_data: Any) -> None:
    from careline.safety.engine.judge import judge

    reached = {
        sign.rule for case in read_cases(case_data) for sign in judge(rules, case.text).signs
    }
    speaking = {key for key, rule in rules.rules.items() if rule.level is not Level.NONE}
    assert speaking - reached == set()


def test_held_out_messages_stay_above_the_floor(rules: RuleSet) -> None:
    """The frozen set is a gauge, not a target; its first result stands in README.md beside it."""
    cases = read_cases(read_pack_file("cases-held-out.yaml"))
    missed = [miss.case for miss in check_cases(rules, cases) if miss.is_danger_missed]
    for level, floor in ((Level.EMERGENCY, 0.95), (Level.CRISIS, 0.85), (Level.URGENT, 0.9)):
        of_level = [case for case in cases if case.level is level]
        lost = [case for case in missed if case.level is level]
        assert 1 - len(lost) / len(of_level) >= floor, level


def test_a_wrong_expectation_is_reported_with_the_rules_that_spoke(rules: RuleSet) -> None:
    wrong = {"cases": [{"text": "I have chest pain", "language": "en", "level": "none"}]}
    [miss] = check_cases(rules, read_cases(wrong))
    assert miss.found is Level.EMERGENCY
    assert miss.found_rules == ("chest_pain",)
    assert not miss.is_danger_missed


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (None, "cases"),
        ({"cases": []}, "cases"),
        ({"cases": ["x"]}, r"cases\[0\]"),
        ({"cases": [{"text": "x", "language": "en"}]}, r"cases\[0\].level"),
        ({"cases": [{"text": "x", "language": "en", "level": "bad"}]}, r"cases\[0\].level"),
    ],
)
def test_cases_that_cannot_be_read_name_the_place(data: object, where: str) -> None:
    with pytest.raises(RuleError, match=where):
        read_cases(data)
