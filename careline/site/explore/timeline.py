"""The treatment timeline: a regimen and a first day make the visits of some months."""

from dataclasses import dataclass

from babel import Locale

from careline.content.presentation import Conflict, ShownSentence
from careline.site.explore.forms import VisitsForm
from careline.site.explore.months import Month, months
from careline.site.explore.plans import PAGE, DrugPlan, Option, Plan, plans
from careline.site.explore.quoting import Quotes, quotes
from careline.site.explore.visits import Visit, visits
from careline.site.help import locale_tag

_COUNTS = f"{PAGE}#dates-count"
_INTRODUCTION = (f"{PAGE}#regimen", f"{PAGE}#depends", f"{PAGE}#all-uses")


@dataclass(frozen=True)
class Chosen:
    """How one drug is given, as the person said."""

    drug: DrugPlan
    option: Option
    citations: list[int]


@dataclass(frozen=True)
class Timeline:
    """The visits that a filled form asks for."""

    chosen: list[Chosen]
    visits: list[Visit]
    months: list[Month]


@dataclass
class Treatments:
    """All regimens that can be counted, with the approved words around them."""

    plans: list[Plan]
    told: Quotes
    caution: list[ShownSentence]
    introduction: list[ShownSentence]

    def plan(self, key: str) -> Plan | None:
        """Return the regimen with this key; None where there is none to count."""
        return next((plan for plan in self.plans if plan.regimen.pk == key), None)

    def about(self, plan: Plan) -> list[ShownSentence]:
        """Return what the reviewed page says of this regimen."""
        return self.told.section(PAGE, f"plan-{plan.regimen.pk}")

    def conflicts(self, plan: Plan, language: str) -> list[Conflict]:
        """Return on what the sources differ, each with the reviewer's note."""
        return self.told.conflicts(plan.regimen.conflicts.all(), language)


def treatments(language: str) -> Treatments | None:
    """Return what can be counted; None where it isn't approved that the team's dates count."""
    told = quotes(language, [PAGE])
    caution = told.show(_COUNTS)
    if not caution:
        return None
    return Treatments(plans(language), told, caution, told.show(*_INTRODUCTION))


def timeline(form: VisitsForm, told: Quotes) -> Timeline:
    """Return the visits for a valid form."""
    chosen = [Chosen(drug, option, told.cite(option.sources)) for drug, option in form.chosen()]
    start, end = form.span()
    found = visits({each.drug.name: each.option.course for each in chosen}, start, end)
    locale = Locale.parse(locale_tag(), sep="-")
    return Timeline(chosen, found, list(months(found, start, end, locale)))
