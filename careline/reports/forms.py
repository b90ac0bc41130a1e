"""Which days a report is about."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from careline.core import clock

LONGEST = 366
# Days at the ends of the calendar can't be counted with; nobody has contacts then.
_DAYS = (dt.date(2000, 1, 1), dt.date(2199, 12, 31))
_NO_SUCH_DAY = _("Please choose a day between the years 2000 and 2199.")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[
            MinValueValidator(_DAYS[0], _NO_SUCH_DAY),
            MaxValueValidator(_DAYS[1], _NO_SUCH_DAY),
        ],
    )


class PeriodForm(forms.Form):
    """First and last day; without them the last 30 days."""

    first = _day(_("From"))
    last = _day(_("To"))

    @classmethod
    def from_query(cls, query: dict[str, str]) -> "PeriodForm":
        """Return the form with the days asked for, or with the last 30."""
        today = clock.today()
        usual = {"first": (today - dt.timedelta(days=29)).isoformat(), "last": today.isoformat()}
        return cls({name: query.get(name) or usual[name] for name in usual})

    def clean(self) -> dict[str, Any]:
        """Refuse a period that is backwards or longer than a year."""
        days: dict[str, Any] = super().clean() or {}
        if "first" in days and "last" in days:
            length = (days["last"] - days["first"]).days
            if length < 0:
                self.add_error("last", _("The last day is before the first."))
            elif length >= LONGEST:
                self.add_error("first", _("Please choose a year or less."))
        return days
