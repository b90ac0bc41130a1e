"""What a person says to see the visits of a regimen. Read from the address; nothing is kept."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from careline.site.explore.months import last_day
from careline.site.explore.plans import DrugPlan, Option, Plan

_YEARS = 2
_MONTHS = _("Choose 3, 6 or 12 months.")


class VisitsForm(forms.Form):
    """A first day, for each drug with a choice how it is given, and how far to look ahead."""

    start = forms.DateField(
        label=_("First day of treatment"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the first day of treatment. A day that you expect is fine too."),
            "invalid": _("We couldn't read this date. Choose it again, with month, day and year."),
        },
    )
    months = forms.ChoiceField(
        label=_("How far ahead?"),
        choices=[("3", _("3 months")), ("6", _("6 months")), ("12", _("12 months"))],
        initial="6",
        error_messages={"required": _MONTHS, "invalid_choice": _MONTHS},
    )

    def __init__(self, data: Any, *, plan: Plan, today: dt.date) -> None:
        super().__init__(data, use_required_attribute=False)
        self._plan = plan
        self._today = today
        for drug in plan.drugs:
            if len(drug.options) > 1:
                self.fields[drug.key] = _choice(drug)
        self.order_fields(["start", *(drug.key for drug in plan.drugs), "months"])

    def clean_start(self) -> dt.date:
        """Refuse a day that is years away: most likely a slip of the finger."""
        start: dt.date = self.cleaned_data["start"]
        if abs(start.year - self._today.year) > _YEARS:
            words = _("This date is years away. Please look at the year once more.")
            raise forms.ValidationError(words)
        return start

    def chosen(self) -> Iterator[tuple[DrugPlan, Option]]:
        """Yield each drug with the way in which it is given; the form has to be valid."""
        for drug in self._plan.drugs:
            wanted = self.cleaned_data.get(drug.key, drug.options[0].value)
            yield drug, next(each for each in drug.options if each.value == wanted)

    def span(self) -> tuple[dt.date, dt.date]:
        """Return the first day and the last day of the last month to show."""
        start = self.cleaned_data["start"]
        return start, last_day(start, int(self.cleaned_data["months"]))


def _choice(drug: DrugPlan) -> forms.ChoiceField:
    unsaid = _("Choose how often your care team plans to give %(drug)s.") % {"drug": drug.name}
    return forms.ChoiceField(
        label=_("How often do you get %(drug)s?") % {"drug": drug.name},
        choices=[(each.value, each.words) for each in drug.options],
        widget=forms.RadioSelect,
        error_messages={"required": unsaid, "invalid_choice": unsaid},
    )
