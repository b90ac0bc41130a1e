"""From rows to the entries of a pack's lists: the way back from careline.content.actions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from careline.content.enums import DrugKind
from careline.content.models import (
    AdverseEvent,
    ApprovedAnswer,
    ClaimConflict,
    Drug,
    GlossaryTerm,
    RefusalClass,
    Regimen,
    Source,
    Topic,
)
from careline.content.packs import schema

Value = TypeVar("Value")
Entries = list[schema.Entry]


@dataclass(frozen=True)
class Rows:
    """What one pack brought, as entries, in the pack's order; words in its languages' order."""

    pack: str
    languages: list[str]

    def topics(self) -> list[schema.TopicEntry]:
        """Return the topics."""
        return [
            schema.TopicEntry(
                key=row.key, title=self._words(row.title), summary=self._words(row.summary)
            )
            for row in Topic.objects.filter(pack=self.pack)
        ]

    def sources(self, also: Iterable[str]) -> Entries:
        """Return the pack's sources, and of those that editors added the ones named by `also`."""
        own = [*Source.objects.filter(pack=self.pack)]
        added = Source.objects.filter(pack="", pk__in=also).order_by("key")
        return [
            schema.SourceEntry(
                key=row.key,
                title=row.title,
                publisher=row.publisher,
                published=row.published,
                read_on=row.read_on,
                **_without_empty(kind=row.kind, url=row.url),
            )
            for row in [*own, *added]
        ]

    def drugs(self) -> Entries:
        """Return the drugs with their brands."""
        rows = Drug.objects.filter(pack=self.pack).prefetch_related("brands", "sources")
        return [self._drug(row) for row in rows]

    def _drug(self, row: Drug) -> schema.DrugEntry:
        brands = [
            schema.BrandEntry(name=each.name, **_without_empty(form=each.form))
            for each in row.brands.all()
        ]
        return schema.DrugEntry(
            key=row.key,
            generic=row.generic,
            pronunciation=self._words(row.pronunciation) or None,
            brands=brands,
            targets=row.targets,
            drug_class=row.drug_class,
            kind=DrugKind(row.kind),
            misspellings=row.misspellings,
            codes={name: schema.CodeEntry(**row.codes[name]) for name in sorted(row.codes)},
            sources=_keys(row.sources),
        )

    def regimens(self) -> Entries:
        """Return the regimens with their components."""
        return [self._regimen(row) for row in Regimen.objects.filter(pack=self.pack)]

    def _regimen(self, row: Regimen) -> schema.RegimenEntry:
        return schema.RegimenEntry(
            key=row.key,
            names=self._words(row.names),
            aliases=row.aliases,
            condition=row.condition,
            lines=row.lines,
            settings=self._words(row.settings),
            components=[self._component(each) for each in row.components.order_by("order")],
            sources=_keys(row.sources),
            conflicts=_keys(row.conflicts),
        )

    def _component(self, part: Any) -> schema.ComponentEntry:
        return schema.ComponentEntry(
            drug=part.drug_id,
            route=part.route,
            schedule=self._words(part.schedule),
            courses=[schema.CourseEntry.model_validate(each) for each in part.courses],
            sources=_keys(part.sources),
        )

    def adverse_events(self) -> Entries:
        """Return the adverse events."""
        return [
            schema.AdverseEventEntry(
                key=row.key,
                names=self._words(row.names),
                lay_names=self._words(row.lay_names),
                what_to_do=self._words(row.what_to_do),
                sources=_keys(row.sources),
                **_without_empty(tier=row.tier, level=row.level, body_part=row.body_part),
            )
            for row in AdverseEvent.objects.filter(pack=self.pack)
        ]

    def conflicts(self) -> Entries:
        """Return the conflicts with what each source says."""
        return [
            schema.ConflictEntry(
                key=row.key,
                subject=self._words(row.subject),
                statements=[
                    schema.StatementEntry(source=each.source_id, text=self._words(each.text))
                    for each in row.statements.order_by("order")
                ],
                note=self._words(row.note) or None,
                **_without_empty(status=row.status),
            )
            for row in ClaimConflict.objects.filter(pack=self.pack)
        ]

    def glossary(self) -> list[schema.TermEntry]:
        """Return the terms, whether or not their sentences are public."""
        return [
            schema.TermEntry(key=row.key, names=self._words(row.names), sentences=row.sentences)
            for row in GlossaryTerm.objects.filter(pack=self.pack)
        ]

    def answers(self) -> list[schema.AnswerEntry]:
        """Return the answers whose signature stands."""
        rows = ApprovedAnswer.objects.filter(pack=self.pack, approval__withdrawn_at=None)
        return [
            schema.AnswerEntry(
                key=row.key,
                topic=row.topic_id,
                sentences=[str(part) for part in row.parts.all()],
                variants=self._by_language(row.variants.in_use()),
            )
            for row in rows.prefetch_related("parts")
        ]

    def refusals(self, public: set[str]) -> list[schema.RefusalEntry]:
        """Return the refusals whose signature stands, with the pages among `public`."""
        rows = RefusalClass.objects.filter(pack=self.pack, approval__withdrawn_at=None)
        return [
            schema.RefusalEntry.model_validate(
                {
                    "class": row.kind,
                    "text": self._words(row.texts),
                    "next": row.next,
                    "pages": [key for key in row.page_keys if key in public],
                    "examples": self._by_language(row.examples.in_use()),
                }
            )
            for row in rows
        ]

    def _words(self, words: Mapping[str, Value]) -> dict[str, Value]:
        return {code: words[code] for code in self.languages if code in words}

    def _by_language(self, rows: Iterable[Any]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row.language, []).append(row.text)
        return self._words(found)


def _keys(links: Any) -> list[str]:
    return list(links.order_by("order", "key").values_list("pk", flat=True))


def _without_empty(**values: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
