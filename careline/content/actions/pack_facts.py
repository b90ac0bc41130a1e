"""Storing a pack's facts."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError

from careline.content.actions.pack_rows import bring, bring_children, bring_links
from careline.content.actions.tally import Tally
from careline.content.models import (
    AdverseEvent,
    ClaimConflict,
    Drug,
    GlossaryTerm,
    Regimen,
    Source,
    Topic,
)
from careline.content.packs import schema
from careline.content.packs.read import PackText

# An entry's fields as the row's, and what else belongs to the row; returns whether that changed.
Values = Callable[[Any], dict[str, Any]]
Rest = Callable[[Any, Any], bool]


def store_facts(pack: PackText, tally: Tally) -> None:
    """Store everything that pages and answers name, in the order in which it is named."""
    _store(Topic, pack, pack.header.topics, tally, _topic, _nothing)
    _store(Source, pack, pack.entries("sources"), tally, _source, _nothing)
    _store(ClaimConflict, pack, pack.entries("conflicts"), tally, _conflict, _statements)
    _store(Drug, pack, pack.entries("drugs"), tally, _drug, _drug_rest)
    _store(Regimen, pack, pack.entries("regimens"), tally, _regimen, _regimen_rest)
    _store(AdverseEvent, pack, pack.entries("adverse_events"), tally, _event, _links_to_sources)
    _store(GlossaryTerm, pack, pack.entries("glossary"), tally, _term, _nothing)


def remove_gone_facts(pack: PackText, tally: Tally) -> None:
    """Remove the facts that the pack no longer has, but none that something still names."""
    kept: dict[Any, Iterable[Any]] = {
        GlossaryTerm: pack.entries("glossary"),
        AdverseEvent: pack.entries("adverse_events"),
        Regimen: pack.entries("regimens"),
        Drug: pack.entries("drugs"),
        ClaimConflict: pack.entries("conflicts"),
        Topic: pack.header.topics,
        Source: pack.entries("sources"),
    }
    for model, entries in kept.items():
        gone = model.objects.filter(pack=pack.header.pack)
        for row in gone.exclude(pk__in=[entry.key for entry in entries]):
            _remove(row, tally)


def _remove(row: Model, tally: Tally) -> None:
    if isinstance(row, Source) and row.sentences.exists():
        return  # An old sentence still resolves with its sources.
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return
    tally.removed[_kind(type(row))] += 1


def _store(
    model: type[Model],
    pack: PackText,
    entries: Iterable[Any],
    tally: Tally,
    values: Values,
    rest: Rest,
) -> None:
    for order, entry in enumerate(entries):
        own = {**values(entry), "pack": pack.header.pack, "order": order}
        row, created, changed = bring(model, entry.key, own)
        also = rest(row, entry)
        if created or changed or also:
            tally.count(_kind(model), created=created)
        else:
            tally.unchanged[_kind(model)] += 1


def _kind(model: type[Model]) -> str:
    return str(model._meta.verbose_name)


def _nothing(_row: Any, _entry: Any) -> bool:
    return False


def _topic(entry: schema.TopicEntry) -> dict[str, Any]:
    return {"title": entry.title, "summary": entry.summary}


def _source(entry: schema.SourceEntry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "publisher": entry.publisher,
        "kind": entry.kind.value,
        "published": entry.published,
        "read_on": entry.read_on,
        "url": str(entry.url) if entry.url else "",
    }


def _conflict(entry: schema.ConflictEntry) -> dict[str, Any]:
    return {"subject": entry.subject, "note": entry.note or {}, "status": entry.status.value}


def _statements(row: ClaimConflict, entry: schema.ConflictEntry) -> bool:
    rows = [
        {"source_id": each.source, "text": each.text, "order": n}
        for n, each in enumerate(entry.statements)
    ]
    return bring_children(row.statements, rows)


def _drug(entry: schema.DrugEntry) -> dict[str, Any]:
    return {
        "generic": entry.generic,
        "pronunciation": entry.pronunciation or {},
        "targets": entry.targets,
        "drug_class": entry.drug_class,
        "kind": entry.kind.value,
        "misspellings": entry.misspellings,
        "codes": {system: code.model_dump() for system, code in entry.codes.items()},
    }


def _drug_rest(row: Drug, entry: schema.DrugEntry) -> bool:
    brands = [
        {"name": each.name, "form": each.form.value if each.form else "", "order": n}
        for n, each in enumerate(entry.brands)
    ]
    return bring_children(row.brands, brands) | _links_to_sources(row, entry)


def _regimen(entry: schema.RegimenEntry) -> dict[str, Any]:
    return {
        "names": entry.names,
        "aliases": entry.aliases,
        "condition": entry.condition,
        "lines": [line.value for line in entry.lines],
        "settings": entry.settings,
    }


def _regimen_rest(row: Regimen, entry: schema.RegimenEntry) -> bool:
    components = [
        {
            "drug_id": each.drug,
            "route": each.route.value,
            "schedule": each.schedule,
            "courses": [course.model_dump(exclude_none=True) for course in each.courses],
            "order": n,
        }
        for n, each in enumerate(entry.components)
    ]
    changed = bring_children(row.components, components)
    for part, each in zip(row.components.order_by("order"), entry.components, strict=True):
        changed |= bring_links(part.sources, each.sources)
    changed |= bring_links(row.conflicts, entry.conflicts)
    return changed | _links_to_sources(row, entry)


def _event(entry: schema.AdverseEventEntry) -> dict[str, Any]:
    return {
        "names": entry.names,
        "lay_names": entry.lay_names,
        "tier": entry.tier.value,
        "level": entry.level.value,
        "body_part": entry.body_part.value if entry.body_part else "",
        "what_to_do": entry.what_to_do,
    }


def _term(entry: schema.TermEntry) -> dict[str, Any]:
    return {"names": entry.names, "sentences": entry.sentences}


def _links_to_sources(row: Any, entry: Any) -> bool:
    return bring_links(row.sources, entry.sources)
