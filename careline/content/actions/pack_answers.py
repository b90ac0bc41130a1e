"""Storing a pack's answers, refusals and safety rules."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model

from careline.content.actions.pack_review import approval_of
from careline.content.actions.pack_rows import bring, bring_children
from careline.content.actions.publishing import Signature
from careline.content.actions.tally import Tally
from careline.content.models import (
    ApprovedAnswer,
    QuestionVariant,
    RefusalClass,
    RefusalExample,
    SafetyRuleSet,
)
from careline.content.models.review import ApprovedModel
from careline.content.packs.read import PackText
from careline.content.packs.schema import AnswerEntry, RefusalEntry
from careline.content.packs.validators import with_signed


def store_answers(pack: PackText, signature: Signature, tally: Tally) -> None:
    """Store the answers with their question variants."""
    entries = pack.entries("answers")
    for order, entry in enumerate(entries):
        values = {"topic_id": entry.topic, "order": order, "pack": pack.header.pack}
        _store(ApprovedAnswer, entry.key, values, _answer_rest(entry), signature, tally)
    _remove_gone(ApprovedAnswer, pack, [entry.key for entry in entries], tally)


def store_refusals(pack: PackText, signature: Signature, tally: Tally) -> None:
    """Store the refusals with their examples."""
    entries = pack.entries("refusals")
    for order, entry in enumerate(entries):
        values = {
            "texts": entry.text,
            "next": [step.value for step in entry.next],
            "page_keys": entry.pages,
            "order": order,
            "pack": pack.header.pack,
        }
        _store(RefusalClass, entry.kind.value, values, _refusal_rest(entry), signature, tally)
    _remove_gone(RefusalClass, pack, [entry.kind.value for entry in entries], tally)


def store_rules(pack: PackText, signature: Signature, tally: Tally) -> None:
    """Store the safety rules as a new version, unless they were loaded already.

    What reviewers have signed here goes on being in force: the new version has it too.
    """
    if not pack.rule_files:
        return
    rules, cards = _as_json(pack.rules["rules"]), _as_json(pack.rules["cards"])
    whole = json.dumps([rules, cards], sort_keys=True)
    digest = hashlib.sha256(whole.encode()).hexdigest()
    if SafetyRuleSet.objects.filter(digest=digest).exists():
        tally.unchanged["safety rule set"] += 1
        return
    carried, left = with_signed(pack.header.pack, rules, pack.rules.get("cases"))
    tally.waits_again += left
    SafetyRuleSet.objects.create(
        version=_version(pack, rules),
        rules=carried,
        cards=cards,
        digest=digest,
        approval=approval_of(signature),
    )
    tally.count("safety rule set", created=True)


def _version(pack: PackText, rules: Any) -> str:
    """The version that the rules name, or the pack's; numbered on while nobody raised it."""
    named = rules.get("version") if isinstance(rules, dict) else None
    version = str(named or pack.header.version)[:30]
    same = SafetyRuleSet.objects.filter(version__startswith=version).count()
    return f"{version}-{same + 1}" if same else version


def _as_json(data: Any) -> Any:
    """Return YAML's data as the plain lists, maps, texts and numbers that JSON knows."""
    return json.loads(json.dumps(data, default=str))


def _store(
    model: type[ApprovedModel],
    key: str,
    values: dict[str, Any],
    rest: Callable[[Any], bool],
    signature: Signature,
    tally: Tally,
) -> None:
    """Bring one signed row to the pack; what changed stands under the pack's signature."""
    stored = model._default_manager.filter(pk=key).select_related("approval").first()
    kept = stored.approval if stored and signature.matches(stored.approval) else None
    approval = kept or approval_of(signature)
    row, created, changed = bring(model, key, {**values, "approval_id": approval.pk})
    changed |= rest(row)
    kind = str(model._meta.verbose_name)
    if created or changed:
        tally.count(kind, created=created)
    else:
        tally.unchanged[kind] += 1


def _answer_rest(entry: AnswerEntry) -> Callable[[Any], bool]:
    parts = [
        dict(zip(("page_key", "label"), name.split("#"), strict=True)) | {"position": n}
        for n, name in enumerate(entry.sentences)
    ]
    return lambda row: (
        bring_children(row.parts, parts)
        | bring_children(
            QuestionVariant.objects.of_packs().filter(answer=row),
            _by_language(entry.variants, answer=row),
        )
    )


def _refusal_rest(entry: RefusalEntry) -> Callable[[Any], bool]:
    return lambda row: bring_children(
        RefusalExample.objects.of_packs().filter(refusal=row),
        _by_language(entry.examples, refusal=row),
    )


def _by_language(texts: Mapping[str, list[str]], **owner: Model) -> list[dict[str, Any]]:
    owned = {f"{name}_id": row.pk for name, row in owner.items()}
    return [
        {"language": language, "text": text, "position": n, **owned}
        for language, each in texts.items()
        for n, text in enumerate(each)
    ]


def _remove_gone(model: type[Model], pack: PackText, keys: list[str], tally: Tally) -> None:
    gone = model._default_manager.filter(pack=pack.header.pack).exclude(pk__in=keys)
    tally.removed[str(model._meta.verbose_name)] += gone.count()
    gone.delete()
