"""Contacts per day and channel: how many came, how long they waited, what came of them.

Counted by contacts.figures, as the wallboard's numbers are: the same day, the same numbers.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from careline.contacts import cases, figures
from careline.contacts.enums import Channel, Disposition
from careline.contacts.figures import Case, Figures
from careline.contacts.models import ContactRecord
from careline.core import clock

CSV_COLUMNS = (
    "day",
    "channel",
    "opened",
    "accepted",
    "ended_without_anybody",
    "median_wait_seconds",
    "longest_wait_seconds",
    "accepted_in_time",
    "left",
    "turned_away",
    "service_level",
    "abandonment",
)


@dataclass(frozen=True)
class DayRow:
    """One day of one channel."""

    day: dt.date
    channel: Channel
    figures: Figures

    @property
    def service_level(self) -> float | None:
        """The share of chats that somebody took in time; None for what was promised for later."""
        return self.figures.service_level if self.channel is Channel.CHAT else None

    def as_csv(self) -> list[str | int]:
        """Return the row in the order of CSV_COLUMNS; shares from 0 to 1."""
        found = self.figures
        waits = [_seconds(found.median_wait), _seconds(found.longest_wait)]
        counts = [found.opened, found.answered, found.unanswered]
        in_time = found.in_time if self.channel is Channel.CHAT else ""
        more = [in_time, found.left, found.turned_away]
        shares = [_share(self.service_level), _share(found.abandonment)]
        return [self.day.isoformat(), self.channel.value, *counts, *waits, *more, *shares]


def _seconds(wait: float | None) -> str:
    return "" if wait is None else str(round(wait))


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


def rows(first: dt.date, last: dt.date) -> list[DayRow]:
    """Return the days from first to last (both included, in the service's zone), latest first.

    A day without contacts on a channel has no row.
    """
    found = cases.opened_on(first, last)
    zone = ZoneInfo(settings.SERVICE_TIME_ZONE)
    return summed(found, zone, clock.now(), settings.SERVICE_LEVEL_SECONDS)


def summed(found: Iterable[Case], zone: dt.tzinfo, now: dt.datetime, within: float) -> list[DayRow]:
    """Return the rows of these contacts: a pure function."""
    groups: dict[tuple[dt.date, str], list[Case]] = defaultdict(list)
    for case in found:
        groups[case.opened_at.astimezone(zone).date(), case.channel].append(case)
    order = list(Channel)
    keys = sorted(groups, key=lambda key: (-key[0].toordinal(), order.index(Channel(key[1]))))
    return [
        DayRow(day, Channel(channel), figures.figures(groups[day, channel], now, within))
        for day, channel in keys
    ]


def dispositions(first: dt.date, last: dt.date) -> list[tuple[str, int]]:
    """Return how often each disposition was recorded for contacts opened on these days."""
    start, end = cases.midnight(first), cases.midnight(last + dt.timedelta(days=1))
    recorded = ContactRecord.objects.filter(
        contact__opened_at__gte=start, contact__opened_at__lt=end
    )
    counts = Counter(recorded.values_list("disposition", flat=True))
    return [(str(choice.label), counts[choice.value]) for choice in Disposition]
