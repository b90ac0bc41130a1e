"""What a supervisor fills in about the opening hours."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from careline.contacts.enums import OneOffKind
from careline.core import clock
from careline.core.fields import CleanText

SPANS_A_DAY = 2
LONGEST = dt.timedelta(days=366)
MOST_WORDS = 200
_AGAIN = _("Write it as hours and minutes, such as 07:00 or 18:30.")


class _Words(CleanText, forms.CharField):
    """A sentence for visitors."""


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    wrong = {"invalid": _AGAIN}
    return forms.TimeField(label=label, widget=widget, required=False, error_messages=wrong)


def _day(label: Any, *, required: bool) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    wrong = {"required": _("Choose a day."), "invalid": _("Choose a day.")}
    return forms.DateField(label=label, widget=widget, required=required, error_messages=wrong)


def _reason_fields(*, required: bool) -> dict[str, forms.CharField]:
    """Return a field for each language of the service."""
    wrong = {"required": _("Say why, in each language: visitors read it.")}
    return {
        f"reason_{language}": _Words(
            label=format_lazy("{}: {}", _("What visitors read"), name),
            required=required,
            max_length=MOST_WORDS,
            error_messages=wrong,
        )
        for language, name in settings.LANGUAGES
    }


class _WithReasons(forms.Form):
    """A form with a sentence for visitors in each language."""

    reasons_required = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_reason_fields(required=self.reasons_required))

    def reasons(self) -> dict[str, str]:
        """Return what a valid form says in each language."""
        return {code: self.cleaned_data[f"reason_{code}"] for code, _name in settings.LANGUAGES}

    def reason_fields(self) -> list[BoundField]:
        """Return the fields of the reasons, for the template."""
        return [self[f"reason_{code}"] for code, _name in settings.LANGUAGES]


class CloseForm(_WithReasons):
    """Closing at once: nothing has to be said for it."""

    reasons_required = False


class OneOffForm(_WithReasons):
    """A one-off closing or opening. Without times it is about whole days."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (OneOffKind.CLOSING.value, _("Chat is closed although the week says open")),
            (OneOffKind.OPENING.value, _("Chat is open although the week says closed")),
        ],
        widget=forms.RadioSelect,
        initial=OneOffKind.CLOSING.value,
        error_messages={"required": _("Say whether chat is closed or open then.")},
    )
    first = _day(_("First day"), required=True)
    starts = _time(_("From"))
    last = _day(_("Last day"), required=False)
    ends = _time(_("Until"))

    field_order = ("kind", "first", "starts", "last", "ends")

    def clean(self) -> dict[str, Any]:
        """Find the two moments; refuse a time that is over, backwards or endless."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == OneOffKind.OPENING and not (
            given.get("starts") and given.get("ends")
        ):
            self.add_error("starts", _("Say from when until when chat is open."))
        if self.errors or not given.get("first"):
            return given
        self.starts_at, self.ends_at = _moments(given)
        if self.ends_at <= self.starts_at:
            self.add_error("ends", _("The end is before the start."))
        elif self.ends_at <= clock.now():
            self.add_error("first", _("That time is over."))
        elif self.ends_at - self.starts_at > LONGEST:
            self.add_error("last", _("Please choose a year or less."))
        return given


def _moments(given: dict[str, Any]) -> tuple[dt.datetime, dt.datetime]:
    zone = ZoneInfo(settings.SERVICE_TIME_ZONE)
    first, last = given["first"], given.get("last") or given["first"]
    starts_at = dt.datetime.combine(first, given.get("starts") or dt.time.min, zone)
    ends = given.get("ends")
    after_last = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, zone)
    ends_at = dt.datetime.combine(last, ends, zone) if ends and ends != dt.time.min else after_last
    return starts_at.astimezone(dt.UTC), ends_at.astimezone(dt.UTC)


@dataclass(frozen=True)
class DayRow:
    """One weekday of the form."""

    name: Any
    spans: list[tuple[BoundField, BoundField]]
    errors: list[str]


class WeekForm(forms.Form):
    """The hours of each weekday: up to two stretches, none for a day without chat."""

    def __init__(self, *args: Any, week: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in range(7):
            given = week[weekday].split() if week else []
            for number in range(SPANS_A_DAY):
                start, end = given[number].split("-") if number < len(given) else ("", "")
                for name, label, initial in (("from", _("From"), start), ("to", _("Until"), end)):
                    field = _time(format_lazy("{}, {}", WEEKDAYS[weekday], label))
                    # A browser's field knows no 24:00; midnight is the end of the day here.
                    field.initial = "00:00" if initial == "24:00" else initial
                    self.fields[_name(weekday, number, name)] = field

    def rows(self) -> list[DayRow]:
        """Return the seven days, for the template."""
        return [self._row(weekday) for weekday in range(7)]

    def _row(self, weekday: int) -> DayRow:
        spans = [
            (self[_name(weekday, number, "from")], self[_name(weekday, number, "to")])
            for number in range(SPANS_A_DAY)
        ]
        errors = [str(error) for span in spans for field in span for error in field.errors]
        return DayRow(WEEKDAYS[weekday], spans, errors)

    def clean(self) -> dict[str, Any]:
        """Refuse half a stretch of time, and two that overlap."""
        given: dict[str, Any] = super().clean() or {}
        for weekday in range(7):
            spans = [self._span(weekday, number, given) for number in range(SPANS_A_DAY)]
            whole = [span for span in spans if span]
            if len(whole) == SPANS_A_DAY and whole[1][0] < (whole[0][1] or dt.time.max):
                words = _("The second stretch of a day begins after the first has ended.")
                self.add_error(_name(weekday, 1, "from"), words)
        return given

    def _span(
        self, weekday: int, number: int, given: dict[str, Any]
    ) -> tuple[dt.time, dt.time] | None:
        names = (_name(weekday, number, "from"), _name(weekday, number, "to"))
        start, end = (given.get(name) for name in names)
        if (start is None) != (end is None) and not any(name in self.errors for name in names):
            self.add_error(names[0 if start is None else 1], _("Say from when and until when."))
        return None if start is None or end is None else (start, end)

    def week(self) -> dict[int, str]:
        """Return the text of spans of each weekday of a valid form."""
        return {weekday: " ".join(self._texts(weekday)) for weekday in range(7)}

    def _texts(self, weekday: int) -> list[str]:
        spans = (self._span(weekday, n, self.cleaned_data) for n in range(SPANS_A_DAY))
        return [f"{span[0]:%H:%M}-{_end(span[1])}" for span in spans if span]


def _end(at: dt.time) -> str:
    return "24:00" if at == dt.time.min else f"{at:%H:%M}"


def _name(weekday: int, number: int, end: str) -> str:
    return f"day{weekday}_{end}{number}"
