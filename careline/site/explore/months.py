"""Months as a wall calendar shows them, in the reader's language and with its first day of week."""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel import Locale
from babel.dates import format_date, get_day_names

from careline.site.explore.visits import Visit


@dataclass(frozen=True)
class Day:
    """One cell; `number` is 0 for a day of another month."""

    number: int
    visit: Visit | None = None


@dataclass(frozen=True)
class Month:
    """One month; `days` are the short and the full names of the weekdays, the first one first."""

    name: str
    days: list[tuple[str, str]]
    weeks: list[list[Day]]


def last_day(start: dt.date, months: int) -> dt.date:
    """Return the last day of the last of so many months, that of `start` being the first."""
    year, month = divmod(start.year * 12 + start.month - 1 + months - 1, 12)
    return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def months(
    visits: Sequence[Visit], start: dt.date, end: dt.date, locale: Locale
) -> Iterator[Month]:
    """Yield the months from `start` to `end` with the visits in their places."""
    by_day = {visit.day: visit for visit in visits}
    pages = calendar.Calendar(locale.first_week_day)
    names = _weekdays(pages, locale)
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        first = dt.date(year, month, 1)
        weeks = [
            [_day(year, month, number, by_day) for number in week]
            for week in pages.monthdayscalendar(year, month)
        ]
        name = format_date(first, "LLLL y", locale=locale)
        yield Month(name[:1].upper() + name[1:], names, weeks)
        year, month = year + month // 12, month % 12 + 1


def _day(year: int, month: int, number: int, by_day: dict[dt.date, Visit]) -> Day:
    return Day(number, by_day.get(dt.date(year, month, number)) if number else None)


def _weekdays(pages: calendar.Calendar, locale: Locale) -> list[tuple[str, str]]:
    short = get_day_names("narrow", context="stand-alone", locale=locale)
    full = get_day_names("wide", context="stand-alone", locale=locale)
    return [(short[day], full[day]) for day in pages.iterweekdays()]
