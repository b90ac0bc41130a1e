"""What a person can choose from to see the visits of a regimen: its drugs and their courses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.content.enums import Route
from careline.content.models import Regimen, RegimenComponent, Source
from careline.site.explore.visits import Course, Phase

PAGE = "treatments"
_WEEK = 7


@dataclass(frozen=True)
class Option:
    """One way in which a drug may be given within the regimen. `value` names it in an address."""

    value: str
    words: str
    course: Course
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class DrugPlan:
    """One drug of the regimen with all its options; most have several, some only one."""

    key: str
    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Plan:
    """A regimen whose visits can be counted."""

    regimen: Regimen
    name: str
    setting: str
    drugs: tuple[DrugPlan, ...]


def plans(language: str) -> list[Plan]:
    """Return every regimen all of whose drugs say when they are given."""
    found = Regimen.objects.prefetch_related("components__drug", "conflicts__statements__source")
    sources = Source.objects.in_bulk(_source_keys(found))
    made = [_plan(regimen, language, sources) for regimen in found]
    return [plan for plan in made if plan.drugs and all(drug.options for drug in plan.drugs)]


def _plan(regimen: Regimen, language: str, sources: Mapping[str, Source]) -> Plan:
    parts: dict[str, list[RegimenComponent]] = {}
    for part in regimen.components.all():
        parts.setdefault(part.drug_id, []).append(part)
    return Plan(
        regimen=regimen,
        name=regimen.name_in(language),
        setting=regimen.setting_in(language),
        drugs=tuple(_drug(group, sources) for group in parts.values()),
    )


def _source_keys(regimens: Iterable[Regimen]) -> set[str]:
    parts = [part for regimen in regimens for part in regimen.components.all()]
    return {key for part in parts for course in part.courses for key in course["sources"]}


def _drug(parts: list[RegimenComponent], sources: Mapping[str, Source]) -> DrugPlan:
    drug = parts[0].drug
    several_routes = len({part.route for part in parts}) > 1
    options = [
        _option(part, number, course, sources, several_routes)
        for part in parts
        for number, course in enumerate(part.courses)
    ]
    return DrugPlan(drug.pk, drug.generic, tuple(options))


def _option(
    part: RegimenComponent,
    number: int,
    fact: Mapping[str, Any],
    sources: Mapping[str, Source],
    several_routes: bool,
) -> Option:
    course = Course.of(fact)
    words = course_words(course)
    if several_routes:
        words = f"{Route(part.route).label}: {words}"
    known = tuple(sources[key] for key in fact["sources"] if key in sources)
    return Option(f"{part.order}-{number}", words, course, known)


def course_words(course: Course) -> str:
    """Return a course in words, like "every 3 weeks, 4 times, then every 2 weeks"."""
    return _(", then ").join(_phase_words(phase) for phase in course.phases)


def _phase_words(phase: Phase) -> str:
    if phase.times == 1:
        return _("one time only, on day 1")
    distance = _distance(phase.every_days or 0)
    if phase.times is None:
        return distance
    times = ngettext("%(count)d time", "%(count)d times", phase.times) % {"count": phase.times}
    return f"{distance}, {times}"


def _distance(days: int) -> str:
    weeks, rest = divmod(days, _WEEK)
    if rest:
        return ngettext("every day", "every %(count)d days", days) % {"count": days}
    return ngettext("every week", "every %(count)d weeks", weeks) % {"count": weeks}
