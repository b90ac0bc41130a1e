"""When live chat is open, in the service's own time zone.

`scheduled` knows the opening hours and holidays only; `status` also asks whether
somebody takes contacts and whether the queue has room. "Open" must be true.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings

from careline.contacts import holiday_list, presence
from careline.contacts.models import Contact
from careline.core import clock

_DAYS_AHEAD = 60  # Longer than any run of closed days; a service that never opens has no chat.


class Reason(StrEnum):
    """Why chat is open or closed."""

    OPEN = "open"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"
    NOBODY_ACCEPTING = "nobody_accepting"
    QUEUE_FULL = "queue_full"


@dataclass(frozen=True)
class OpeningStatus:
    """What is open at a moment; times are aware, in UTC.

    `opens_at` is the next opening when the hours say closed, else None: nobody can
    promise when a specialist comes free. `closes_at` is the end of the present hours.
    """

    chat_open: bool
    reason: Reason
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None


@dataclass(frozen=True)
class _Window:
    opens: dt.datetime
    closes: dt.datetime


def status(now: dt.datetime | None = None) -> OpeningStatus:
    """Return whether a chat can be opened now: hours, people and room in the queue."""
    now = now or clock.now()
    planned = scheduled(now)
    if not planned.chat_open:
        return planned
    if not presence.anyone_accepting(now):
        return replace(planned, chat_open=False, reason=Reason.NOBODY_ACCEPTING)
    if Contact.objects.chats().waiting().count() >= settings.CHAT_QUEUE_CAP:
        return replace(planned, chat_open=False, reason=Reason.QUEUE_FULL)
    return planned


def scheduled(now: dt.datetime) -> OpeningStatus:
    """Return what the opening hours and the holidays say of this moment. Pure."""
    zone = ZoneInfo(settings.SERVICE_TIME_ZONE)
    today = now.astimezone(zone).date()
    for window in _windows(today - dt.timedelta(days=1), zone):
        if window.opens <= now < window.closes:
            return OpeningStatus(True, Reason.OPEN, closes_at=window.closes)
        if window.opens > now:
            return OpeningStatus(False, _why_closed(today), opens_at=window.opens)
    return OpeningStatus(False, _why_closed(today))


def is_holiday(day: dt.date) -> bool:
    """Return whether the service keeps this day as a holiday, observed days included."""
    country = settings.CHAT_HOLIDAYS_COUNTRY
    return bool(country) and holiday_list.is_holiday(day, country)


def _why_closed(today: dt.date) -> Reason:
    return Reason.HOLIDAY if is_holiday(today) and _hours_of(today) else Reason.OUTSIDE_HOURS


def _hours_of(day: dt.date) -> list[str]:
    return str(settings.CHAT_HOURS.get(str(day.weekday()), "")).split()


def _windows(first: dt.date, zone: ZoneInfo) -> Iterator[_Window]:
    """Yield the opening windows from this day on, in order, holidays left out."""
    for offset in range(_DAYS_AHEAD):
        day = first + dt.timedelta(days=offset)
        if not is_holiday(day):
            yield from (_window(day, span, zone) for span in sorted(_hours_of(day)))


def _window(day: dt.date, span: str, zone: ZoneInfo) -> _Window:
    """Return "HH:MM-HH:MM" of this day as moments; an end before the start is tomorrow's."""
    start, end = span.split("-")
    opens = _moment(day, start, zone)
    closes = _moment(day, end, zone)
    if closes <= opens:
        closes = _moment(day + dt.timedelta(days=1), end, zone)
    return _Window(opens, closes)


def _moment(day: dt.date, clock_time: str, zone: ZoneInfo) -> dt.datetime:
    if clock_time.strip() == "24:00":
        day, clock_time = day + dt.timedelta(days=1), "00:00"
    wall = dt.datetime.combine(day, dt.time.fromisoformat(clock_time.strip()), tzinfo=zone)
    return wall.astimezone(dt.UTC)
