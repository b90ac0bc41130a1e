"""Which rules are used: the set in force, the last good ones, or the shipped files."""

import asyncio
import copy
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from careline.content import version
from careline.content.models import Approval, SafetyRuleSet
from careline.safety import Level, assess, care_card, rules_source


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test starts without kept rules and looks at the database on every call."""
    monkeypatch.setattr(rules_source, "CHECK_SECONDS", 0.0)
    rules_source.forget()
    yield
    rules_source.forget()


def put_in_force(
    name: str, rules: dict[str, Any], cards: dict[str, Any], *, demonstration: bool = True
) -> SafetyRuleSet:
    """Store a rule set as if it had been loaded from a pack."""
    today = dt.date(2026, 1, 1)
    approval = Approval.objects.create(
        reviewer_name="R", reviewed_on=today, review_due=today, demonstration=demonstration
    )
    stored = SafetyRuleSet.objects.create(
        version=name, rules=rules, cards=cards, digest=name, approval=approval
    )
    version.bump()
    return stored


@pytest.fixture
def toes(rule_data: Any) -> dict[str, Any]:
    """The shipped rules with one more sign, toe pain."""
    rules: dict[str, Any] = copy.deepcopy(rule_data)
    toe = {"key": "toe_pain", "level": "emergency", "patterns": {"en": ["toe pain"]}}
    rules["rules"].append(toe)
    return rules


@pytest.mark.django_db
def test_the_shipped_files_serve_while_nothing_was_loaded() -> None:
    assert rules_source.current().origin == rules_source.FILES
    assert assess("I have chest pain").level is Level.EMERGENCY


def test_the_shipped_files_serve_while_no_database_may_be_asked() -> None:
    assert rules_source.current().origin == rules_source.FILES
    assert assess("no puedo respirar").level is Level.EMERGENCY


@pytest.mark.django_db
def test_a_rule_set_in_force_is_taken_over(toes: dict[str, Any], card_data: Any) -> None:
    assert assess("toe pain").level is Level.NONE
    put_in_force("toes-1", toes, card_data)
    found = assess("toe pain")
    assert (found.level, found.rules_version) == (Level.EMERGENCY, "toes-1")


@pytest.mark.django_db
def test_a_withdrawn_rule_set_gives_way(toes: dict[str, Any], card_data: Any) -> None:
    stored = put_in_force("toes-1", toes, card_data)
    assert assess("toe pain").level is Level.EMERGENCY
    Approval.objects.filter(pk=stored.approval_id).update(
        withdrawn_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    )
    version.bump()
    assert assess("toe pain").level is Level.NONE


@pytest.mark.django_db
def test_a_bad_rule_set_never_replaces_a_good_one(toes: dict[str, Any], card_data: Any) -> None:
    put_in_force("toes-1", toes, card_data)
    assert assess("toe pain").level is Level.EMERGENCY
    put_in_force("broken", {"format": 1, "rules": "none"}, card_data)
    assert assess("toe pain").rules_version == "toes-1"


@pytest.mark.django_db
def test_a_bad_rule_set_alone_leaves_the_shipped_files(card_data: Any) -> None:
    put_in_force("broken", {"format": 7}, card_data)
    assert assess("I have chest pain").level is Level.EMERGENCY
    assert rules_source.current().origin == rules_source.FILES


@pytest.mark.django_db
def test_rules_stay_when_the_database_goes_down(toes: dict[str, Any], card_data: Any) -> None:
    put_in_force("toes-1", toes, card_data)
    assert assess("toe pain").level is Level.EMERGENCY

    def down(*args: Any) -> Any:
        raise DatabaseError("down")

    with connection.execute_wrapper(down):
        assert assess("toe pain").level is Level.EMERGENCY
    assert Approval.objects.count() == 1, "the caller's transaction is still good"


@pytest.mark.django_db
def test_a_version_that_was_seen_costs_no_more_than_the_look(
    toes: dict[str, Any], card_data: Any
) -> None:
    put_in_force("toes-1", toes, card_data)
    first = rules_source.current()
    assert rules_source.current() is first


def test_inside_an_event_loop_nothing_waits_for_the_database() -> None:
    async def ask() -> Level:
        return assess("I can't breathe").level

    assert asyncio.run(ask()) is Level.EMERGENCY
    for thread in threading.enumerate():
        if thread.name == "safety-rules":
            thread.join(timeout=5)


@pytest.mark.django_db
def test_a_text_that_breaks_the_engine_is_seen_by_a_person(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> Any:
        raise RecursionError("words that somebody typed")

    monkeypatch.setattr("careline.safety.service.judge", broken)
    assert assess("anything").level is Level.URGENT
    assert "RecursionError" in caplog.text
    assert "somebody typed" not in caplog.text


@pytest.mark.django_db
def test_without_shipped_files_the_set_in_force_serves(
    toes: dict[str, Any], card_data: Any, settings: Any, tmp_path: Path
) -> None:
    settings.PACKS_DIR = tmp_path
    put_in_force("toes-1", toes, card_data)
    assert assess("toe pain").level is Level.EMERGENCY


@pytest.mark.django_db
def test_without_any_rules_a_person_looks_at_the_text(settings: Any, tmp_path: Path) -> None:
    settings.PACKS_DIR = tmp_path
    found = assess("anything")
    assert (found.level, found.rules_version) == (Level.URGENT, "none")
    assert care_card(found.level, "en") is None
