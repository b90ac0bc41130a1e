"""The regimens side by side, from their facts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from careline.content.enums import Line, Route
from careline.content.models import Regimen, RegimenComponent
from careline.content.placeholders import fill
from careline.content.presentation import Conflict, ShownSentence
from careline.content.tables import drug_urls
from careline.site.explore.plans import PAGE
from careline.site.explore.quoting import Quotes, quotes

_NEEDED = f"{PAGE}#depends"
_INTRODUCTION = (f"{PAGE}#regimen", _NEEDED, f"{PAGE}#all-uses")


@dataclass(frozen=True)
class Part:
    """One drug within a regimen."""

    drug: str
    url: str
    targets: tuple[str, ...]
    route: str
    schedule: str
    citations: list[int]


@dataclass(frozen=True)
class Column:
    """One regimen."""

    key: str
    name: str
    lines: tuple[str, ...]
    setting: str
    parts: list[Part]
    conflicts: list[Conflict]
    citations: list[int]

    @property
    def medicines(self) -> list[Part]:
        """Return its drugs, each once, whatever their routes."""
        return list({part.drug: part for part in self.parts}.values())


@dataclass(frozen=True)
class Comparison:
    """The regimens to be looked at side by side."""

    columns: list[Column]
    introduction: list[ShownSentence]

    @property
    def conflicts(self) -> list[Conflict]:
        """Return on what the sources differ, each once."""
        found = {each.key: each for column in self.columns for each in column.conflicts}
        return list(found.values())


def comparison(language: str) -> tuple[Comparison, Quotes] | None:
    """Return all regimens side by side; None where the page on them isn't approved."""
    told = quotes(language, [PAGE])
    if not told.has(_NEEDED):
        return None
    introduction = told.show(*_INTRODUCTION)
    parts = RegimenComponent.objects.select_related("drug").prefetch_related("sources")
    found = Regimen.objects.prefetch_related(
        "sources", "conflicts__statements__source", Prefetch("components", queryset=parts)
    )
    urls = drug_urls(language)
    return Comparison([_column(each, language, urls, told) for each in found], introduction), told


def _column(regimen: Regimen, language: str, urls: dict[str, str], told: Quotes) -> Column:
    return Column(
        key=regimen.pk,
        name=regimen.name_in(language),
        lines=tuple(str(Line(line).label) for line in regimen.lines),
        setting=fill(regimen.setting_in(language)),
        parts=list(_parts(regimen.components.all(), language, urls, told)),
        conflicts=told.conflicts(regimen.conflicts.all(), language),
        citations=told.cite(regimen.sources.all()),
    )


def _parts(
    components: Iterable[RegimenComponent], language: str, urls: dict[str, str], told: Quotes
) -> Iterable[Part]:
    for part in components:
        yield Part(
            drug=part.drug.generic,
            url=urls.get(part.drug_id, ""),
            targets=tuple(part.drug.targets),
            route=str(Route(part.route).label),
            schedule=fill(part.schedule_in(language)),
            citations=told.cite(part.sources.all()),
        )
