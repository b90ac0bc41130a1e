"""Filling the engine from what the content's reviewers approved."""

from collections.abc import Iterable

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


def approved_knowledge() -> Knowledge:
    """Return everything that is approved now, in a fixed number of queries."""
    answers = list(models.ApprovedAnswer.objects.approved().prefetch_related("parts", "variants"))
    regimens = list(models.Regimen.objects.prefetch_related("components"))
    return Knowledge(
        passages=tuple(_passages(answers)),
        variants=tuple(_variants(answers)),
        refusals=tuple(_refusals()),
        entities=(*_drugs(), *_regimens(regimens), *_events()),
        conditions=frozenset(regimen.condition for regimen in regimens),
    )


def _passages(answers: Iterable[models.ApprovedAnswer]) -> Iterable[Passage]:
    used: dict[tuple[str, str], list[str]] = {}
    for answer in answers:
        for part in answer.parts.all():
            used.setdefault((part.page_key, part.label), []).append(answer.key)
    for sentence in models.Sentence.objects.approved():
        keys = used.get((sentence.page_key, sentence.label), []) if sentence.label else []
        yield Passage(
            sentence.id, sentence.language, sentence.shown_text, sentence.page_key, tuple(keys)
        )


def _variants(answers: Iterable[models.ApprovedAnswer]) -> Iterable[Variant]:
    for answer in answers:
        for variant in answer.variants.all():
            yield Variant(answer.key, variant.language, variant.text)


def _refusals() -> Iterable[RefusalExample]:
    for refusal in models.RefusalClass.objects.approved().prefetch_related("examples"):
        for example in refusal.examples.all():
            yield RefusalExample(RefusalKind(refusal.kind), example.language, example.text)


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
