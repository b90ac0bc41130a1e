"""A safety pack is checked before it is stored."""

import copy
from typing import Any

import pytest

from careline.content.models import SafetyRuleSet
from careline.safety import validation
from careline.safety.tests.conftest import PACK


@pytest.fixture
def pack(rule_data: Any, card_data: Any, case_data: Any) -> dict[str, Any]:
    """The three files of the shipped pack as the loader reads them."""
    return copy.deepcopy({"rules": rule_data, "cards": card_data, "cases": case_data})


def test_a_pattern_that_cannot_be_read_is_found_at_its_place(pack: dict[str, Any]) -> None:
    pack["rules"]["rules"][3]["patterns"]["en"][0] = "{nobody} x"
    [finding] = validation.findings(pack)
    assert (finding.file, finding.path) == ("rules", ("rules", 3, "patterns", "en", 0))
    assert "no group called 'nobody'" in finding.message


def test_a_failing_danger_case_refuses_the_pack(pack: dict[str, Any]) -> None:
    case = {"text": "my toe itches", "language": "en", "level": "emergency"}
    pack["cases"]["cases"] = [case]
    [finding] = validation.findings(pack)
    assert (finding.file, finding.path) == ("cases", ("cases", 0))
    assert finding.message == "the rules say 'report' because of itch; expected 'emergency'"


@pytest.mark.parametrize("name", ["rules", "cards", "cases"])
def test_a_missing_file_is_found(pack: dict[str, Any], name: str) -> None:
    del pack[name]
    assert {finding.file for finding in validation.findings(pack)} == {name}


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("rules", ("temperatur",)),
        ("rules", ("counts", 0, "unles")),
        ("rules", ("combos", 0, "any")),
        ("cards", ("colour",)),
        ("cards", ("cards", "urgent", "en", "line")),
        ("cases", ("case",)),
        ("cases", ("cases", 2, "levle")),
    ],
)
def test_a_field_that_nothing_reads_is_found(
    pack: dict[str, Any], file: str, path: tuple[int | str, ...]
) -> None:
    part: Any = pack[file]
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = "x"
    [finding] = validation.findings(pack)
    assert (finding.file, finding.path) == (file, path)
    assert f"unknown field {path[-1]!r}" in finding.message


def test_the_shipped_pack_is_sound(pack: dict[str, Any]) -> None:
    assert list(validation.findings(pack)) == []


@pytest.mark.django_db
def test_the_shipped_pack_loads() -> None:
    from careline.content.actions.packs import load_pack

    load_pack(PACK)
    in_force = SafetyRuleSet.objects.in_force()
    assert in_force is not None and in_force.approval.demonstration
