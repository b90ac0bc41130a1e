"""What a plan of opening hours says of a moment. Pure: no clock and no database.

A plan is the week without the holidays, with the one-off openings, without the one-off
closings. An early closing ("close now") goes before all of that until somebody opens again.
Times on the clock are the service's; what comes out are moments in UTC, summer time included.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from careline.contacts import holiday_list
from careline.contacts.enums import OneOffKind
from careline.content.words import text_in

# Longer than any run of closed days; a service that never opens has no chat.
DAYS_AHEAD = 60

Reasons = tuple[tuple[str, str], ...]  # language, text


class Reason(StrEnum):
    """Why chat is open or closed."""

    OPEN = "open"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"
    ONE_OFF = "one_off"
    CLOSED_NOW = "closed_now"
    NOBODY_ACCEPTING = "nobody_accepting"
    QUEUE_FULL = "queue_full"


@dataclass(frozen=True)
class OpeningStatus:
    """What is open at a moment; times are aware, in UTC.

    `opens_at` is the next opening when the hours say closed, else None: nobody can
    promise when a specialist comes free, or when an early closing ends. `closes_at` is the end
    of the present hours, None where they have no end. `reasons` is what a supervisor wrote
    about a one-off or an early closing.
    """

    chat_open: bool
    reason: Reason
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    reasons: Reasons = ()

    @property
    def words(self) -> str:
        """What a supervisor wrote, in the active language; empty if nothing."""
        return text_in(dict(self.reasons), get_language() or "")


@dataclass(frozen=True)
class OneOffTime:
    """A one-off closing or opening."""

    kind: OneOffKind
    starts_at: dt.datetime
    ends_at: dt.datetime
    reasons: Reasons = ()

    def covers(self, moment: dt.datetime) -> bool:
        """Return whether it holds at this moment."""
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True)
class Closed:
    """An early closing that nobody has ended."""

    since: dt.datetime
    reasons: Reasons = ()


@dataclass(frozen=True)
class Plan:
    """All that decides when chat is open. `week` holds seven texts of spans, Monday first."""

    zone: str
    country: str
    week: tuple[str, ...]
    one_offs: tuple[OneOffTime, ...] = ()
    closed: Closed | None = None


class Window(NamedTuple):
    """A stretch of time in which chat is open."""

    opens: dt.datetime
    closes: dt.datetime


def as_reasons(words: Mapping[str, str]) -> Reasons:
    """Return what is written in each language, in an order that makes equal things equal."""
    return tuple(sorted((language, text) for language, text in words.items() if text))


def said(plan: Plan, now: dt.datetime) -> OpeningStatus:
    """Return what the plan says of this moment."""
    if plan.closed and plan.closed.since <= now:
        return OpeningStatus(False, Reason.CLOSED_NOW, reasons=plan.closed.reasons)
    today = now.astimezone(ZoneInfo(plan.zone)).date()
    for window in windows(plan, today - dt.timedelta(days=1)):
        if window.opens <= now < window.closes:
            reasons = _reasons_of(plan, OneOffKind.OPENING, now)
            return OpeningStatus(True, Reason.OPEN, closes_at=_end(window, now), reasons=reasons)
        if window.opens > now:
            return _closed(plan, now, today, window.opens)
    return _closed(plan, now, today, None)


def _end(window: Window, now: dt.datetime) -> dt.datetime | None:
    """Return the end of the hours; what is open day and night has none that is known."""
    return window.closes if window.closes - now < dt.timedelta(days=DAYS_AHEAD // 2) else None


def _closed(
    plan: Plan, now: dt.datetime, today: dt.date, opens_at: dt.datetime | None
) -> OpeningStatus:
    if any(each.kind == OneOffKind.CLOSING and each.covers(now) for each in plan.one_offs):
        reasons = _reasons_of(plan, OneOffKind.CLOSING, now)
        return OpeningStatus(False, Reason.ONE_OFF, opens_at=opens_at, reasons=reasons)
    opens_today = opens_at and opens_at.astimezone(ZoneInfo(plan.zone)).date() == today
    closed_for_holiday = is_holiday(plan, today) and plan.week[today.weekday()] and not opens_today
    reason = Reason.HOLIDAY if closed_for_holiday else Reason.OUTSIDE_HOURS
    return OpeningStatus(False, reason, opens_at=opens_at)


def _reasons_of(plan: Plan, kind: OneOffKind, now: dt.datetime) -> Reasons:
    holding = (each for each in plan.one_offs if each.kind == kind and each.covers(now))
    return next((each.reasons for each in holding if each.reasons), ())


def is_holiday(plan: Plan, day: dt.date) -> bool:
    """Return whether the service keeps this day as a holiday, observed days included."""
    return bool(plan.country) and holiday_list.is_holiday(day, plan.country)


@lru_cache(maxsize=64)
def windows(plan: Plan, first: dt.date) -> tuple[Window, ...]:
    """Return when chat is open from this day on, in order, none touching the next."""
    week = [
        window
        for day in (first + dt.timedelta(days=offset) for offset in range(DAYS_AHEAD))
        if not is_holiday(plan, day)
        for window in windows_of(plan.week[day.weekday()], day, ZoneInfo(plan.zone))
    ]
    found = _united([*week, *_times(plan, OneOffKind.OPENING)])
    for closing in _times(plan, OneOffKind.CLOSING):
        found = [part for window in found for part in _without(window, closing)]
    return tuple(found)


def _times(plan: Plan, kind: OneOffKind) -> list[Window]:
    return [Window(each.starts_at, each.ends_at) for each in plan.one_offs if each.kind == kind]


def _united(given: Iterable[Window]) -> list[Window]:
    united: list[Window] = []
    for window in sorted(given):
        if united and window.opens <= united[-1].closes:
            united[-1] = Window(united[-1].opens, max(united[-1].closes, window.closes))
        else:
            united.append(window)
    return united


def _without(window: Window, closing: Window) -> Iterator[Window]:
    before = Window(window.opens, min(window.closes, closing.opens))
    after = Window(max(window.opens, closing.closes), window.closes)
    if closing.closes <= window.opens or closing.opens >= window.closes:
        yield window
    else:
        yield from (part for part in (before, after) if part.opens < part.closes)


def windows_of(spans: str, day: dt.date, zone: ZoneInfo) -> Iterator[Window]:
    """Yield the spans "HH:MM-HH:MM" of a day as moments; an end before the start is tomorrow's."""
    for span in sorted(spans.split()):
        start, end = span.split("-")
        opens, closes = moment(day, start, zone), moment(day, end, zone)
        if closes <= opens:
            closes = moment(day + dt.timedelta(days=1), end, zone)
        yield Window(opens, closes)


def moment(day: dt.date, clock_time: str, zone: ZoneInfo) -> dt.datetime:
    """Return when it is "HH:MM" (24:00 too) on this day in the zone."""
    if clock_time.strip() == "24:00":
        day, clock_time = day + dt.timedelta(days=1), "00:00"
    wall = dt.datetime.combine(day, dt.time.fromisoformat(clock_time.strip()), tzinfo=zone)
    return wall.astimezone(dt.UTC)
