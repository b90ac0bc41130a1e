"""Filling the engine from what the content's reviewers approved."""

from collections.abc import Iterable

from django.db.models import Prefetch

from careline.answers.engine.drugs import drug_entities
from careline.answers.engine.model import (
    Entity,
    EntityKind,
    Knowledge,
    Passage,
    RefusalExample,
    RefusalKind,
    Variant,
)
from careline.content import models
from careline.content.enums import DrugKind

# (answer, language) -> the ids of its sentences in reading order.
Compositions = dict[tuple[str, str], tuple[str, ...]]


def approved_knowledge(*, all_sentences: bool = True) -> tuple[Knowledge, Compositions]:
    """Return everything that is approved now, in a fixed number of queries.

    An answer that lacks a sentence in a language has no composition in it: half
    an answer can mislead. Without `all_sentences`, only those that answers may need are
    among the passages: those of a large corpus don't fit into memory.
    """
    answers = _answers()
    approved = models.Sentence.objects.approved()
    if not all_sentences:
        used = {part.page_key for answer in answers for part in answer.parts.all()}
        approved = approved.filter(page_key__in=used).exclude(label="")
    sentences = list(approved)
    compositions = dict(_compositions(answers, sentences))
    regimens = list(models.Regimen.objects.prefetch_related("components"))
    knowledge = Knowledge(
        passages=tuple(_passages(sentences, compositions)),
        variants=tuple(_variants(answers)),
        refusals=tuple(_refusals()),
        entities=(*_drugs(), *_regimens(regimens), *_events()),
        conditions=frozenset(regimen.condition for regimen in regimens),
    )
    return knowledge, compositions


def _answers() -> list[models.ApprovedAnswer]:
    approved = models.ApprovedAnswer.objects.approved()
    return list(
        models.ApprovedAnswer.objects.filter(pk__in=approved).prefetch_related(
            "parts", Prefetch("variants", models.QuestionVariant.objects.in_use())
        )
    )


def _compositions(
    answers: Iterable[models.ApprovedAnswer], sentences: Iterable[models.Sentence]
) -> Iterable[tuple[tuple[str, str], tuple[str, ...]]]:
    by_name: dict[str, dict[str, models.Sentence]] = {}
    for each in sentences:
        if each.label:
            by_name.setdefault(each.language, {})[each.name] = each
    for answer in answers:
        for language in sorted(by_name):
            if whole := answer.whole(by_name[language]):
                yield (answer.key, language), tuple(each.id for each in whole)


def _passages(
    sentences: Iterable[models.Sentence], compositions: Compositions
) -> Iterable[Passage]:
    used: dict[str, list[str]] = {}
    for (answer, _language), ids in compositions.items():
        for each in ids:
            used.setdefault(each, []).append(answer)
    for sentence in sentences:
        keys = tuple(used.get(sentence.id, ()))
        yield Passage(sentence.id, sentence.language, sentence.shown_text, sentence.page_key, keys)


def _variants(answers: Iterable[models.ApprovedAnswer]) -> Iterable[Variant]:
    for answer in answers:
        for variant in answer.variants.all():
            yield Variant(answer.key, variant.language, variant.text, answer.pack)


def _refusals() -> Iterable[RefusalExample]:
    approved = models.RefusalClass.objects.approved()
    for example in models.RefusalExample.objects.in_use().filter(refusal__in=approved):
        yield RefusalExample(RefusalKind(example.refusal_id), example.language, example.text)


def _drugs() -> Iterable[Entity]:
    """Return the drugs, their forms under the skin, and what they block, with all names."""
    targets: set[str] = set()
    for drug in models.Drug.objects.prefetch_related("brands"):
        brands = [(brand.name, brand.form) for brand in drug.brands.all()]
        yield from drug_entities(
            drug.key,
            [drug.generic, *drug.misspellings],
            brands,
            class_wide=drug.kind == DrugKind.CHECKPOINT_INHIBITOR,
            pack=drug.pack,
        )
        targets.update(drug.targets)
    for target in sorted(targets):
        yield Entity(target, EntityKind.TARGET, (target,))


def _regimens(regimens: Iterable[models.Regimen]) -> Iterable[Entity]:
    for regimen in regimens:
        members = tuple(dict.fromkeys(part.drug_id for part in regimen.components.all()))
        names = (*regimen.names.values(), *regimen.aliases)
        yield Entity(regimen.key, EntityKind.REGIMEN, names, members=members)


def _events() -> Iterable[Entity]:
    for event in models.AdverseEvent.objects.all():
        lay = (name for names in event.lay_names.values() for name in names)
        yield Entity(event.key, EntityKind.EVENT, (*event.names.values(), *lay))
