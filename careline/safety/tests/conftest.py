"""The shipped rules for the pure tests, which need neither Django nor a database."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from careline.safety.engine.compile import compile_rules
from careline.safety.engine.rules import RuleSet

PACK = Path(__file__).resolve().parents[3] / "packs" / "safety"
NEED_DJANGO = {
    "test_assess_command.py",
    "test_care_card.py",
    "test_rules_source.py",
    "test_rule_changes.py",
    "test_validation.py",
}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what needs Django when pytest runs without it (``-p no:django``)."""
    without_django = not config.pluginmanager.hasplugin("django")
    return True if without_django and collection_path.name in NEED_DJANGO else None


def read_pack_file(name: str) -> Any:
    """The data of one file of the shipped pack."""
    return YAML(typ="safe", pure=True).load((PACK / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def rule_data() -> Any:
    """The shipped rules as data; don't change it, copy it."""
    return read_pack_file("rules.yaml")


@pytest.fixture(scope="session")
def card_data() -> Any:
    """The shipped cards as data; don't change it, copy it."""
    return read_pack_file("cards.yaml")


@pytest.fixture(scope="session")
def case_data() -> Any:
    """The shipped cases as data; don't change it, copy it."""
    return read_pack_file("cases.yaml")


@pytest.fixture(scope="session")
def rules(rule_data: Any) -> RuleSet:
    """The shipped rules, compiled."""
    return compile_rules(rule_data)
