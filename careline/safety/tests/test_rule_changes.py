"""Changing the danger rules: an editor proposes, a medical reviewer signs, the cases decide."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from ruamel.yaml import YAML

from careline.accounts.enums import Role
from careline.accounts.models import Competency, Staff
from careline.accounts.tests.factories import client_of, make_staff
from careline.content.actions.pack_answers import store_rules
from careline.content.actions.publishing import Signature
from careline.content.actions.staff import grant_group_permissions
from careline.content.actions.tally import Tally
from careline.content.errors import PublishingRefused
from careline.content.models import Approval, SafetyRuleSet
from careline.content.packs.read import PackText
from careline.content.packs.schema import PackHeader
from careline.content.packs.yamlfile import YamlFile
from careline.core.models import AuditEntry
from careline.safety import actions, editing
from careline.safety.engine.compile import compile_rules
from careline.safety.engine.judge import judge
from careline.safety.enums import ChangeState
from careline.safety.models import RuleChange

CASES = """cases:
  - {text: "my toe itches", language: en, level: report}
  - {text: "I have chest pain", language: en, level: emergency}
"""
KEPT = ("fever", "chest_pain", "itch")
PHRASE = {"kind": "phrase", "rule": "fever", "language": "en"}


@pytest.fixture(autouse=True)
def in_force(
    db: None, rule_data: Any, card_data: Any, tmp_path: Path, settings: Any
) -> SafetyRuleSet:
    """A few of the shipped rules in force, and two cases."""
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety" / "cases.yaml").write_text(CASES)
    settings.PACKS_DIR = tmp_path
    few = [each for each in rule_data["rules"] if each["key"] in KEPT]
    day = dt.date(2026, 1, 1)
    approval = Approval.objects.create(
        reviewer_name="R", reviewed_on=day, review_due=day, demonstration=True
    )
    return SafetyRuleSet.objects.create(
        version="2026.1",
        rules={**rule_data, "rules": few, "combos": [], "likenesses": []},
        cards=card_data,
        digest="d",
        approval=approval,
    )


@pytest.fixture
def editor(db: None) -> Staff:
    grant_group_permissions()
    return make_staff(Role.EDITOR)


@pytest.fixture
def reviewer(db: None) -> Staff:
    """A medical reviewer with a current competency in English."""
    made = make_staff(Role.MEDICAL_REVIEWER)
    Competency.objects.create(
        staff=made, language="en", topic="", certified_until=dt.date(2099, 1, 1)
    )
    return made


def phrase(author: Staff, words: str = "glowing like a stove", **more: str) -> RuleChange:
    example = more.pop("example", f"he is {words}")
    return actions.propose_change(acting_user=author, phrase=words, example=example, **PHRASE)


def test_a_specialist_may_not_propose(editor: Staff) -> None:
    with pytest.raises(PublishingRefused):
        phrase(make_staff(Role.SPECIALIST))
    assert client_of(make_staff(Role.SPECIALIST)).get(reverse("danger_rules")).status_code == 403


def test_a_phrase_that_cannot_be_read_is_refused_in_words(editor: Staff) -> None:
    with pytest.raises(PublishingRefused, match=r"can't be read.*no group called 'nobody'"):
        phrase(editor, "{nobody} stove")


def test_a_phrase_that_misses_its_own_message_is_refused(editor: Staff) -> None:
    with pytest.raises(PublishingRefused, match="gets none, not urgent"):
        phrase(editor, example="he walks the dog")


def test_an_editor_may_not_sign(editor: Staff) -> None:
    change = phrase(editor)
    with pytest.raises(PublishingRefused, match="Only a medical reviewer"):
        actions.sign_change(change, acting_user=make_staff(Role.EDITOR))


def test_the_author_may_not_sign(reviewer: Staff) -> None:
    change = phrase(reviewer)
    with pytest.raises(PublishingRefused, match="wrote this yourself"):
        actions.sign_change(change, acting_user=reviewer)
    assert SafetyRuleSet.objects.count() == 1


def test_a_reviewer_without_a_current_competency_may_not_sign(editor: Staff) -> None:
    change = phrase(editor)
    with pytest.raises(PublishingRefused, match="competency"):
        actions.sign_change(change, acting_user=make_staff(Role.MEDICAL_REVIEWER))


def test_a_change_with_which_a_case_fails_is_refused(editor: Staff, reviewer: Staff) -> None:
    change = phrase(editor, "toe")
    with pytest.raises(PublishingRefused, match="1 cases fail: “my toe itches” gets urgent"):
        actions.sign_change(change, acting_user=reviewer)
    assert SafetyRuleSet.objects.count() == 1
    change.refresh_from_db()
    assert change.state == ChangeState.WAITING


def test_a_sign_that_is_needed_may_not_be_moved_down(editor: Staff, reviewer: Staff) -> None:
    down = {"kind": "level", "rule": "chest_pain", "language": "en", "level": "report"}
    change = actions.propose_change(acting_user=editor, example="chest pain", **down)
    with pytest.raises(PublishingRefused, match="I have chest pain"):
        actions.sign_change(change, acting_user=reviewer)


def test_a_signed_phrase_is_in_force_and_the_old_version_is_kept(
    editor: Staff, reviewer: Staff, in_force: SafetyRuleSet
) -> None:
    stored = actions.sign_change(phrase(editor), acting_user=reviewer)
    assert SafetyRuleSet.objects.in_force() == stored
    assert judge(compile_rules(stored.rules), "he is glowing like a stove").level == "urgent"
    assert [each.version for each in SafetyRuleSet.objects.all()] == ["2026.1", "2026.1-2"]
    assert stored.approval.reviewer == reviewer
    assert AuditEntry.objects.filter(action="safety.change_signed", actor=reviewer).exists()
    with pytest.raises(PublishingRefused, match="decided on already"):
        actions.sign_change(RuleChange.objects.get(), acting_user=reviewer)


def test_rules_that_came_in_force_while_the_cases_ran_are_not_overwritten(
    editor: Staff, reviewer: Staff, in_force: SafetyRuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, run = phrase(editor), editing.cases

    def meanwhile(changes: Any) -> Any:
        in_force.pk, in_force.version = None, "2026.2"
        in_force.save()
        return run(changes)

    monkeypatch.setattr(editing, "cases", meanwhile)
    with pytest.raises(PublishingRefused, match="Please sign it again"):
        actions.sign_change(change, acting_user=reviewer)
    monkeypatch.setattr(editing, "cases", run)
    assert SafetyRuleSet.objects.in_force() == in_force
    assert actions.sign_change(change, acting_user=reviewer).version == "2026.1-2"


def test_nobody_waits_to_write_while_the_cases_run(
    editor: Staff, reviewer: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, begun, outside = editing.cases, [], len(connection.savepoint_ids)

    def watched(changes: Any) -> Any:
        begun.append(len(connection.savepoint_ids))
        return run(changes)

    monkeypatch.setattr(editing, "cases", watched)
    actions.sign_change(phrase(editor), acting_user=reviewer)
    assert begun == [outside, outside]


def test_the_message_of_a_signed_change_binds_later_ones(editor: Staff, reviewer: Staff) -> None:
    actions.sign_change(phrase(editor), acting_user=reviewer)
    down = {"kind": "level", "rule": "fever", "language": "en", "level": "report"}
    change = actions.propose_change(acting_user=editor, example="a fever", **down)
    with pytest.raises(PublishingRefused, match="glowing like a stove"):
        actions.sign_change(change, acting_user=reviewer)


def test_a_sign_moved_up_takes_its_messages_along(editor: Staff, reviewer: Staff) -> None:
    up = {"kind": "level", "rule": "itch", "language": "en", "level": "urgent"}
    change = actions.propose_change(acting_user=editor, example="my arm itches", **up)
    stored = actions.sign_change(change, acting_user=reviewer)
    assert judge(compile_rules(stored.rules), "my toe itches").level == "urgent"


def pack_text(rules: Any, folder: Path, cases: str = CASES) -> PackText:
    """A safety pack as the loader reads it, before it is stored."""
    header = YamlFile("pack.yaml", {})
    pack = PackText(folder, PackHeader.model_construct(pack="safety", version="2026.2"), header)
    data = {"rules": rules, "cards": {}, "cases": YAML(typ="safe").load(cases)}
    pack.rule_files.update({name: YamlFile(name, each) for name, each in data.items()})
    return pack


def upgrade(in_force: SafetyRuleSet, folder: Path, **changes: Any) -> tuple[SafetyRuleSet, Tally]:
    """Load a pack with rules of the next version; what is in force then."""
    cases = changes.pop("cases", CASES)
    tally, day = Tally(), dt.date(2026, 1, 1)
    rules = {**in_force.rules, "version": "2026.2", **changes}
    store_rules(pack_text(rules, folder, cases), Signature("R", day, day, True), tally)
    found = SafetyRuleSet.objects.in_force()
    assert found is not None
    return found, tally


def test_a_signed_change_stays_in_force_when_the_pack_brings_new_rules(
    editor: Staff, reviewer: Staff, in_force: SafetyRuleSet, tmp_path: Path
) -> None:
    change = phrase(editor)
    actions.sign_change(change, acting_user=reviewer)
    up = {"kind": "level", "rule": "itch", "language": "en", "level": "urgent"}
    moved = actions.propose_change(acting_user=editor, example="my arm itches", **up)
    actions.sign_change(moved, acting_user=reviewer)
    found, tally = upgrade(in_force, tmp_path)
    rules = compile_rules(found.rules)
    assert found.version == "2026.2"
    assert judge(rules, "he is glowing like a stove").level == "urgent"
    assert judge(rules, "my toe itches").level == "urgent"
    assert tally.waits_again == []
    assert upgrade(in_force, tmp_path)[0] == found


def test_a_signed_change_that_the_new_rules_cannot_take_waits_again(
    editor: Staff, reviewer: Staff, in_force: SafetyRuleSet, tmp_path: Path
) -> None:
    for each in (phrase(editor), phrase(editor, "like a kettle")):
        actions.sign_change(each, acting_user=reviewer)
    cases = CASES + '  - {text: "a stove glowing like a stove", language: en, level: none}\n'
    found, tally = upgrade(in_force, tmp_path, cases=cases)
    rules = compile_rules(found.rules)
    assert judge(rules, "he is like a kettle").level == "urgent"
    assert judge(rules, "he is glowing like a stove").level == "none"
    assert "“glowing like a stove”: 1 cases fail" in tally.waits_again[0]
    assert [each.phrase for each in RuleChange.objects.waiting()] == ["glowing like a stove"]
    assert AuditEntry.objects.filter(action="safety.change_reopened").count() == 1


def test_the_whole_is_signed_by_nobody_who_wrote_some_of_it(editor: Staff, reviewer: Staff) -> None:
    with pytest.raises(PublishingRefused):
        actions.sign_rules(acting_user=editor)
    assert actions.sign_rules(acting_user=reviewer).rules["demonstration"] is False
    other = make_staff(Role.MEDICAL_REVIEWER)
    actions.sign_change(phrase(other), acting_user=reviewer)
    with pytest.raises(PublishingRefused, match="wrote yourself"):
        actions.sign_rules(acting_user=other)


def test_the_screen_leads_from_a_proposal_to_a_signature(editor: Staff, reviewer: Staff) -> None:
    desk = client_of(editor)
    wrong = desk.post(reverse("danger_rules_propose"), PHRASE)
    assert wrong.status_code == 422
    words = {"phrase": "glowing like a stove", "example": "he is glowing like a stove"}
    assert desk.post(reverse("danger_rules_propose"), PHRASE | words).status_code == 302
    change = RuleChange.objects.get()
    desk.post(reverse("danger_rules_sign", args=[change.pk]))
    assert "Only a medical reviewer" in desk.get(reverse("danger_rules")).content.decode()
    client_of(reviewer).post(reverse("danger_rules_sign", args=[change.pk]))
    page = desk.get(reverse("danger_rules")).content.decode()
    assert "2026.1-2" in page
    assert "glowing like a stove" in page
    assert "3 cases, 0 fail" in desk.post(reverse("danger_rules_run")).content.decode()


def test_a_change_can_be_put_away(editor: Staff) -> None:
    change = phrase(editor)
    client_of(editor).post(reverse("danger_rules_discard", args=[change.pk]))
    change.refresh_from_db()
    assert change.state == ChangeState.DISCARDED
