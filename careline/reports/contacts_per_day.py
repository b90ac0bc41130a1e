"""Contacts per day and channel: how many came, how long they waited, what came of them."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from zoneinfo import ZoneInfo

from django.conf import settings

from careline.contacts.enums import Channel, Disposition
from careline.contacts.models import Contact, ContactRecord

CSV_COLUMNS = (
    "day",
    "channel",
    "opened",
    "accepted",
    "ended_without_anybody",
    "median_wait_seconds",
    "longest_wait_seconds",
)


@dataclass(frozen=True)
class Arrival:
    """What one contact adds to the report. Times are aware."""

    channel: str
    opened_at: dt.datetime
    accepted_at: dt.datetime | None
    ended_at: dt.datetime | None

    @property
    def wait(self) -> float | None:
        """Seconds until somebody accepted, None if nobody did."""
        return (self.accepted_at - self.opened_at).total_seconds() if self.accepted_at else None


@dataclass(frozen=True)
class DayRow:
    """One day of one channel. Waits are in seconds, None where nobody was accepted."""

    day: dt.date
    channel: Channel
    opened: int
    accepted: int
    ended_without_anybody: int
    median_wait: float | None
    longest_wait: float | None

    def as_csv(self) -> list[str | int]:
        """Return the row in the order of CSV_COLUMNS."""
        waits = [_seconds(self.median_wait), _seconds(self.longest_wait)]
        counts = [self.opened, self.accepted, self.ended_without_anybody]
        return [self.day.isoformat(), self.channel.value, *counts, *waits]


def _seconds(wait: float | None) -> str:
    return "" if wait is None else str(round(wait))


def rows(first: dt.date, last: dt.date) -> list[DayRow]:
    """Return the days from first to last (both included, in the service's zone), latest first.

    A day without contacts on a channel has no row.
    """
    return summed(_arrivals(first, last), _zone())


def summed(arrivals: Iterable[Arrival], zone: dt.tzinfo) -> list[DayRow]:
    """Return the rows of these arrivals: a pure function."""
    groups: dict[tuple[dt.date, str], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        groups[arrival.opened_at.astimezone(zone).date(), arrival.channel].append(arrival)
    order = list(Channel)
    keys = sorted(groups, key=lambda key: (-key[0].toordinal(), order.index(Channel(key[1]))))
    return [_row(day, channel, groups[day, channel]) for day, channel in keys]


def _row(day: dt.date, channel: str, arrivals: list[Arrival]) -> DayRow:
    waits = [arrival.wait for arrival in arrivals if arrival.wait is not None]
    missed = sum(1 for arrival in arrivals if arrival.ended_at and arrival.wait is None)
    return DayRow(
        day=day,
        channel=Channel(channel),
        opened=len(arrivals),
        accepted=len(waits),
        ended_without_anybody=missed,
        median_wait=median(waits) if waits else None,
        longest_wait=max(waits, default=None),
    )


def dispositions(first: dt.date, last: dt.date) -> list[tuple[str, int]]:
    """Return how often each disposition was recorded for contacts opened on these days."""
    start, end = _bounds(first, last)
    recorded = ContactRecord.objects.filter(
        contact__opened_at__gte=start, contact__opened_at__lt=end
    )
    counts = Counter(recorded.values_list("disposition", flat=True))
    return [(str(choice.label), counts[choice.value]) for choice in Disposition]


def _arrivals(first: dt.date, last: dt.date) -> Iterator[Arrival]:
    start, end = _bounds(first, last)
    found = Contact.objects.filter(opened_at__gte=start, opened_at__lt=end)
    fields = ("channel", "opened_at", "accepted_at", "ended_at")
    return (Arrival(*values) for values in found.values_list(*fields).iterator())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.SERVICE_TIME_ZONE)


def _bounds(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    def midnight(day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time.min, tzinfo=_zone())

    return midnight(first), midnight(last + dt.timedelta(days=1))
