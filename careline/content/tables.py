"""Tables made from facts, so that a correction happens in one place."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from careline.content.enums import DrugKind, EventLevel, Route
from careline.content.models import (
    AdverseEvent,
    Drug,
    DrugPage,
    Regimen,
    RegimenComponent,
    ReviewedPage,
)
from careline.content.placeholders import fill
from careline.content.references import References

Fact = TypeVar("Fact", bound=Model)


@dataclass(frozen=True)
class ComponentRow:
    """One drug within a regimen; `drug_url` is empty where the drug has no public page."""

    drug: str
    drug_url: str
    route_label: str
    schedule: str
    citations: list[int]


@dataclass(frozen=True)
class RegimenRow:
    name: str
    setting: str
    components: list[ComponentRow]
    citations: list[int]


@dataclass(frozen=True)
class BrandShown:
    name: str
    form_label: str


@dataclass(frozen=True)
class DrugRow:
    generic: str
    brands: list[BrandShown]
    targets: list[str]
    kind_label: str
    url: str
    citations: list[int]


@dataclass(frozen=True)
class AdverseEventRow:
    name: str
    level: str
    level_label: str
    what_to_do: str
    citations: list[int]


def regimens(page: ReviewedPage, references: References) -> list[RegimenRow]:
    """Return the regimens of the page's pack; on a drug's page, those with that drug."""
    found = _of_pack(Regimen.objects.all(), page)
    if isinstance(page, DrugPage):
        found = found.filter(components__drug=page.drug_id).distinct()
    found = found.prefetch_related("sources", "components__drug", "components__sources")
    urls = drug_urls(page.language)
    return [_regimen_row(each, page.language, urls, references) for each in found]


def _regimen_row(
    regimen: Regimen, language: str, urls: dict[str, str], references: References
) -> RegimenRow:
    return RegimenRow(
        name=regimen.name_in(language),
        setting=fill(regimen.setting_in(language)),
        components=[
            _component_row(part, language, urls, references) for part in regimen.components.all()
        ],
        citations=references.of_all(regimen.sources.all()),
    )


def _component_row(
    part: RegimenComponent, language: str, urls: dict[str, str], references: References
) -> ComponentRow:
    return ComponentRow(
        drug=part.drug.generic,
        drug_url=urls.get(part.drug_id, ""),
        route_label=str(Route(part.route).label),
        schedule=fill(part.schedule_in(language)),
        citations=references.of_all(part.sources.all()),
    )


def drugs(page: ReviewedPage, references: References) -> list[DrugRow]:
    """Return the drugs of the page's pack."""
    found = _of_pack(Drug.objects.all(), page).prefetch_related("brands", "sources")
    urls = drug_urls(page.language)
    return [_drug_row(drug, urls, references) for drug in found]


def _drug_row(drug: Drug, urls: dict[str, str], references: References) -> DrugRow:
    return DrugRow(
        generic=drug.generic,
        brands=[
            BrandShown(brand.name, str(Route(brand.form).label) if brand.form else "")
            for brand in drug.brands.all()
        ],
        targets=list(drug.targets),
        kind_label=str(DrugKind(drug.kind).label),
        url=urls.get(drug.key, ""),
        citations=references.of_all(drug.sources.all()),
    )


def adverse_events(page: ReviewedPage, tier: str, references: References) -> list[AdverseEventRow]:
    """Return the adverse events of the page's pack, of one tier or (empty) of all."""
    found = _of_pack(AdverseEvent.objects.all(), page).prefetch_related("sources")
    if tier:
        found = found.filter(tier=tier)
    return [_event_row(event, page.language, references) for event in found]


def _event_row(event: AdverseEvent, language: str, references: References) -> AdverseEventRow:
    return AdverseEventRow(
        name=event.name_in(language),
        level=event.level,
        level_label=str(EventLevel(event.level).label),
        what_to_do=fill(event.what_to_do_in(language)),
        citations=references.of_all(event.sources.all()),
    )


def _of_pack(facts: QuerySet[Fact], page: ReviewedPage) -> QuerySet[Fact]:
    # A page that an editor made belongs to no pack and shows all facts.
    return facts.filter(pack=page.pack) if page.pack else facts


def drug_urls(language: str) -> dict[str, str]:
    """Return the addresses of the drugs' public pages by the drugs' keys."""
    pages = DrugPage.objects.signed().in_language(language)
    pages = pages.select_related("locale").defer("body")
    return {each.drug_id: each.url or "" for each in pages}
