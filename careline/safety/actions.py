"""Changing the danger rules: proposed by an editor, signed by a medical reviewer, then in force.

Every version is kept; what is in force is the newest whose signature stands.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.models import Competency, Staff
from careline.accounts.permissions import may_approve_content, may_edit_content
from careline.content import version
from careline.content.actions.publishing import reviewer_name
from careline.content.errors import PublishingRefused
from careline.content.models import Approval, SafetyRuleSet
from careline.core import audit, clock
from careline.safety import editing
from careline.safety.cases import Miss, read_cases
from careline.safety.engine.compile import RuleError, compile_rules
from careline.safety.enums import ChangeKind, ChangeState
from careline.safety.levels import Level
from careline.safety.models import RuleChange

_MISSES_TOLD = 5


def propose_change(
    *,
    acting_user: Staff,
    kind: str,
    rule: str,
    language: str,
    example: str,
    phrase: str = "",
    level: str = "",
) -> RuleChange:
    """Lay a change before the medical reviewers, with a message that it has to get right.

    Raises PublishingRefused for a stranger, for a phrase that can't be read, and for a
    message that the change doesn't catch.
    """
    if not may_edit_content(acting_user):
        raise PublishingRefused(_("Only editors and medical reviewers change the danger rules."))
    rules, _cards = editing.rules_now()
    levels = {each["key"]: each["level"] for each in rules["rules"]}
    if rule not in levels:
        raise PublishingRefused(_("There is no such sign."))
    change = RuleChange(
        kind=ChangeKind(kind),
        rule=rule,
        language=language,
        phrase=" ".join(phrase.split()),
        level=level,
        example=example.strip(),
        example_level=level if kind == ChangeKind.LEVEL else levels[rule],
        author=acting_user,
        created_at=clock.now(),
    )
    _check_whole(change)
    # The cases take seconds, in which no message could be stored: only then the transaction.
    _check(change, only_own=True)
    with transaction.atomic():
        change.save()
        audit.record("safety.change_proposed", change, acting_user=acting_user, kind=change.kind)
    return change


@transaction.atomic
def discard_change(change: RuleChange, *, acting_user: Staff) -> None:
    """Put a change away that nobody has decided on."""
    if not may_edit_content(acting_user):
        raise PublishingRefused(_("Only editors and medical reviewers change the danger rules."))
    _lock_waiting(change)
    _decide(change, ChangeState.DISCARDED, acting_user)


def sign_change(change: RuleChange, *, acting_user: Staff) -> SafetyRuleSet:
    """Run the cases and put the change in force as a new version.

    Raises PublishingRefused when the person may not sign it, when a case fails, and when other
    rules came in force while the cases ran.
    """
    reason = why_not_sign(acting_user, change)
    if reason:
        raise PublishingRefused(reason)
    _need_waiting(RuleChange.objects.get(pk=change.pk))
    checked_on = SafetyRuleSet.objects.in_force()
    _check(change, only_own=False)
    return _sign(change, checked_on, acting_user)


@transaction.atomic
def _sign(
    change: RuleChange, checked_on: SafetyRuleSet | None, acting_user: Staff
) -> SafetyRuleSet:
    """Store what was checked on this version: quick, for meanwhile nobody else can write."""
    if checked_on is not None:  # Who signs at the same moment waits here, and then sees ours.
        SafetyRuleSet.objects.select_for_update().get(pk=checked_on.pk)
    _lock_waiting(change)
    if SafetyRuleSet.objects.in_force() != checked_on:
        raise PublishingRefused(
            _("Other rules came in force while the cases ran. Please sign it again.")
        )
    rules, cards = editing.rules_now()
    stored = _store(editing.with_change(rules, change), cards, acting_user)
    change.rule_set = stored
    _decide(change, ChangeState.SIGNED, acting_user)
    return stored


@transaction.atomic
def sign_rules(*, acting_user: Staff) -> SafetyRuleSet:
    """Sign the whole rule set in force: from then on the cards don't say that nobody has.

    Raises PublishingRefused for who isn't a medical reviewer and for whose own words are in it.
    """
    if not may_approve_content(acting_user):
        raise PublishingRefused(_("Only a medical reviewer can sign the danger rules."))
    if RuleChange.objects.signed().filter(author=acting_user).exists():
        raise PublishingRefused(
            _("Some of it you wrote yourself, so another medical reviewer has to sign it.")
        )
    rules, cards = editing.rules_now()
    return _store({**rules, "demonstration": False}, cards, acting_user)


@transaction.atomic
def carry_over(rules: editing.Rules, cases: Any) -> tuple[editing.Rules, list[str]]:
    """Return a pack's rules with what reviewers signed here, and words on what doesn't fit.

    What doesn't fit waits for a reviewer again; it is out of force once these rules are in.
    Nobody signed in does this: it is part of loading a pack.
    """
    carried, left = editing.carried_over(rules, read_cases(cases) if cases else [])
    for change, _why in left:
        change.state, change.rule_set = ChangeState.WAITING, None
        change.decided_by = change.decided_at = None
        change.save()
        audit.record("safety.change_reopened", change, acting_user=None)
    return carried, [
        f"{change.kind} of {change.rule}, “{change.phrase or change.level}”: {why}"
        for change, why in left
    ]


def why_not_sign(user: Staff, change: RuleChange) -> str:
    """Return why the person can't sign the change, in words; empty when nothing is against it."""
    if not may_approve_content(user):
        return _("Only a medical reviewer can sign the danger rules.")
    if change.author_id == user.pk:
        return _("You wrote this yourself, so another medical reviewer has to sign it.")
    held = Competency.objects.current().filter(staff=user, language=change.language)
    if not held.exists():
        return _("You need a current competency in this language. A supervisor gives it.")
    return ""


def _check_whole(change: RuleChange) -> None:
    if not change.example:
        raise PublishingRefused(_("Write a message that shows what the change is for."))
    if change.kind == ChangeKind.PHRASE and not change.phrase:
        raise PublishingRefused(_("Write the phrase."))
    if change.kind == ChangeKind.LEVEL and change.level not in {level.value for level in Level}:
        raise PublishingRefused(_("Choose a level."))


def _check(change: RuleChange, *, only_own: bool) -> None:
    """Refuse a change that can't be read, or with which a case comes out otherwise."""
    rules, _cards = editing.rules_now()
    checked = editing.cases([change])
    try:
        after = editing.with_change(rules, change)
        misses = editing.new_misses(rules, after, checked[-1:] if only_own else checked)
    except RuleError as wrong:
        raise PublishingRefused(_("The phrase can't be read: %s") % wrong.problem) from wrong
    except KeyError as gone:
        raise PublishingRefused(_("There is no such sign.")) from gone
    misses = [miss for miss in misses if not _is_meant(change, miss)]
    if misses:
        told = "; ".join(
            _("“%(text)s” gets %(found)s, not %(level)s")
            % {"text": miss.case.text, "found": miss.found, "level": miss.case.level}
            for miss in misses[:_MISSES_TOLD]
        )
        raise PublishingRefused(
            _("%(number)s cases fail: %(cases)s") % {"number": len(misses), "cases": told}
        )


def _is_meant(change: RuleChange, miss: Miss) -> bool:
    """A sign that is moved up takes along the messages that have it; danger isn't missed."""
    moved = change.kind == ChangeKind.LEVEL and change.rule in miss.found_rules
    return moved and not miss.is_danger_missed


def _lock_waiting(change: RuleChange) -> None:
    _need_waiting(RuleChange.objects.select_for_update().get(pk=change.pk))


def _need_waiting(change: RuleChange) -> None:
    if change.state != ChangeState.WAITING:
        raise PublishingRefused(_("This change was decided on already."))


def _decide(change: RuleChange, state: ChangeState, user: Staff) -> None:
    change.state, change.decided_by, change.decided_at = state, user, clock.now()
    change.save()
    audit.record(f"safety.change_{state.value}", change, acting_user=user)


def _store(rules: editing.Rules, cards: object, user: Staff) -> SafetyRuleSet:
    compile_rules(rules)
    today = clock.today()
    approval = Approval.objects.create(
        reviewer_name=reviewer_name(user),
        reviewer=user,
        reviewed_on=today,
        review_due=today + dt.timedelta(days=settings.REVIEW_PERIOD_DAYS),
    )
    whole = json.dumps([rules, cards], sort_keys=True, default=str)
    stored = SafetyRuleSet.objects.create(
        version=_next_version(str(rules["version"])),
        rules=json.loads(json.dumps(rules, default=str)),
        cards=json.loads(json.dumps(cards, default=str)),
        digest=hashlib.sha256(whole.encode()).hexdigest(),
        approval=approval,
    )
    version.bump()
    audit.record("safety.rules_signed", stored, acting_user=user)
    return stored


def _next_version(named: str) -> str:
    start = named[:30]
    return f"{start}-{SafetyRuleSet.objects.filter(version__startswith=start).count() + 1}"
