"""When a promised call can be: real days and parts of a day, in the service's zone. Pure.

A part of a day is cut to the opening hours; what is shorter than an hour isn't offered. Walls'
clocks are turned into moments by the zone's own rules, so a part of the day on which summer
time begins or ends is as long as it really is.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from careline.contacts.enums import CallbackWindow

# So many days with a choice of parts; whoever wants to wait longer can change it later.
DAYS_OFFERED = 4
SHORTEST = dt.timedelta(hours=1)
_QUARTER = dt.timedelta(minutes=15)
_PARTS: dict[CallbackWindow, tuple[dt.time, dt.time]] = {
    CallbackWindow.MORNING: (dt.time(6), dt.time(11)),
    CallbackWindow.MIDDAY: (dt.time(11), dt.time(14)),
    CallbackWindow.AFTERNOON: (dt.time(14), dt.time(17)),
    CallbackWindow.EVENING: (dt.time(17), dt.time(21)),
}

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class CallTime:
    """A window in which somebody calls: aware moments in UTC."""

    part: CallbackWindow
    starts: dt.datetime
    ends: dt.datetime
    day: dt.date

    @property
    def key(self) -> str:
        """What a form says of it; the same while the window can be chosen."""
        return str(self.part) if self.is_any else f"{self.day.isoformat()}.{self.part}"

    @property
    def is_any(self) -> bool:
        """Whether any time will do, the sooner the better."""
        return self.part is CallbackWindow.ANY


def offered(spans: Iterable[Span], now: dt.datetime, zone: ZoneInfo) -> list[CallTime]:
    """Return what can be chosen at `now`: as soon as possible, then day by day.

    `spans` are the opening hours from `now` on, in order.
    """
    ahead = list(_ahead(spans, now))
    soon = [_soonest(ahead, zone)] if ahead else []
    found: dict[str, CallTime] = {}
    days: set[dt.date] = set()
    for time in _cut(ahead, zone):
        if time.day not in days and len(days) == DAYS_OFFERED:
            break
        days.add(time.day)
        found.setdefault(time.key, time)
    return [*soon, *found.values()]


def next_like(
    part: CallbackWindow, spans: Iterable[Span], now: dt.datetime, zone: ZoneInfo
) -> CallTime | None:
    """Return the next window of this part of a day that has not begun; None where there is none.

    For a call that wasn't made or not answered: whoever asked for mornings is called on mornings.
    """
    times = [time for time in offered(spans, now, zone) if time.starts >= now]
    same = [time for time in times if time.part is part]
    return next(iter(same or times), None)


def _ahead(spans: Iterable[Span], now: dt.datetime) -> Iterator[Span]:
    """Yield what is left of the spans, from the next quarter of an hour on."""
    start = _next_quarter(now)
    for opens, closes in spans:
        begins = max(opens, start)
        if closes - begins >= SHORTEST:
            yield begins, closes


def _next_quarter(moment: dt.datetime) -> dt.datetime:
    past = (moment - moment.replace(minute=0, second=0, microsecond=0)) % _QUARTER
    return moment + (_QUARTER - past) if past else moment


def _soonest(ahead: list[Span], zone: ZoneInfo) -> CallTime:
    """Return the rest of the first day: never longer than a day, however long it is open."""
    starts, closes = ahead[0]
    day = starts.astimezone(zone).date()
    ends = min(closes, _at(day + dt.timedelta(days=1), dt.time(), zone))
    if ends - starts < SHORTEST:
        ends = starts + SHORTEST
    return CallTime(CallbackWindow.ANY, starts, ends, day)


def _cut(ahead: list[Span], zone: ZoneInfo) -> Iterator[CallTime]:
    for opens, closes in ahead:
        day, last = opens.astimezone(zone).date(), closes.astimezone(zone).date()
        while day <= last:
            yield from _parts_of(day, opens, closes, zone)
            day += dt.timedelta(days=1)


def _parts_of(
    day: dt.date, opens: dt.datetime, closes: dt.datetime, zone: ZoneInfo
) -> Iterator[CallTime]:
    for part, (begin, end) in _PARTS.items():
        starts, ends = max(opens, _at(day, begin, zone)), min(closes, _at(day, end, zone))
        if ends - starts >= SHORTEST:
            yield CallTime(part, starts, ends, day)


def _at(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)


def known_zone(name: str) -> str:
    """Return the name if it is a time zone's, else an empty text."""
    try:
        return ZoneInfo(name).key if name else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
