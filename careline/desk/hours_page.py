"""What the screen of opening hours shows: now, the week, one-offs, the coming holidays."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language

from careline.contacts import hours, opening_plan, opening_rows
from careline.contacts.opening_models import EarlyClosing, OneOff, OpeningHours
from careline.content.words import text_in
from careline.core import clock
from careline.desk.hours_forms import CloseForm, OneOffForm, WeekForm

_HOLIDAYS_AHEAD = 8


@dataclass(frozen=True)
class OneOffLine:
    """A one-off closing or opening as the list shows it."""

    row: OneOff
    reason: str


def context(
    *,
    close: CloseForm | None = None,
    week: WeekForm | None = None,
    one_off: OneOffForm | None = None,
) -> dict[str, Any]:
    """Return the screen's matter, with forms that are being corrected."""
    now = clock.now()
    return {
        **opening_context(),
        "close_form": close or CloseForm(auto_id="id_close_%s"),
        "week_form": week or WeekForm(week=opening_rows.current().week, auto_id="id_week_%s"),
        "week_is_own": OpeningHours.objects.exists(),
        "one_off_form": one_off or OneOffForm(),
        "one_offs": [_line(row) for row in OneOff.objects.filter(ends_at__gt=now)],
        "holidays": coming_holidays(now),
    }


def opening_context() -> dict[str, Any]:
    """Return whether chat is open, and who closed it if somebody did: also on the wallboard."""
    closed = EarlyClosing.objects.filter(opened_at=None).select_related("closed_by").first()
    return {"opening": hours.status(), "closed_early": closed}


def coming_holidays(now: dt.datetime) -> list[dt.date]:
    """Return the next holidays on which the week would be open."""
    plan = opening_rows.current()
    today = now.astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE)).date()
    days = (today + dt.timedelta(days=offset) for offset in range(366))
    kept = [day for day in days if plan.week[day.weekday()] and opening_plan.is_holiday(plan, day)]
    return kept[:_HOLIDAYS_AHEAD]


def opening_on(posted: str) -> OneOffForm:
    """Return the form that would open chat on a holiday, with the hours of its weekday."""
    try:
        day = dt.date.fromisoformat(posted)
    except ValueError:
        return OneOffForm()
    spans = opening_rows.current().week[day.weekday()].split()
    start, end = spans[0].split("-") if spans else ("", "")
    ends = "00:00" if end == "24:00" else end
    return OneOffForm(initial={"kind": "opening", "first": day, "starts": start, "ends": ends})


def _line(row: OneOff) -> OneOffLine:
    return OneOffLine(row, text_in(row.reasons, get_language() or ""))
