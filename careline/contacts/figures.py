"""What the contacts of a day come to. Pure: no clock and no database.

The wallboard and the reports both count with these functions, so their numbers are the same.

==============  ===================================================================
answered        somebody took the contact; the first time counts, whoever has it later
waiting         nobody has, and it goes on
left            it ended before anybody took it, by the visitor
turned away     it ended so by the service: chat closed before somebody was free
decided         answered, left, turned away, or waiting longer than the seconds
service level   answered within the seconds, of all that are decided
abandonment     left or turned away, of all that are answered, left or turned away
==============  ===================================================================

Whoever leaves within the seconds counts against the service level: nobody knows why they left.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from careline.contacts.enums import EndReason

QUARTER = dt.timedelta(minutes=15)
_BY_THE_SERVICE = (EndReason.UNSERVED, EndReason.SERVICE)


@dataclass(frozen=True, slots=True)
class Case:
    """What the figures need to know of one contact. Times are aware."""

    channel: str
    opened_at: dt.datetime
    answered_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    end_reason: str = ""

    def waited(self, now: dt.datetime) -> float:
        """Return for how many seconds the contact waited for somebody, up to `now`."""
        until = self.answered_at or self.ended_at or now
        return max(0.0, (until - self.opened_at).total_seconds())


@dataclass(frozen=True)
class Figures:
    """Counts, shares from 0 to 1 and seconds; None where there is nothing to say it of."""

    opened: int
    answered: int
    in_time: int
    left: int
    turned_away: int
    decided: int
    median_wait: float | None  # of those who were answered
    longest_wait: float | None  # of those who were answered

    @property
    def waiting(self) -> int:
        """How many still wait."""
        return self.opened - self.answered - self.unanswered

    @property
    def unanswered(self) -> int:
        """How many ended before anybody took them."""
        return self.left + self.turned_away

    @property
    def service_level(self) -> float | None:
        """The share that was answered within the seconds."""
        return self.in_time / self.decided if self.decided else None

    @property
    def abandonment(self) -> float | None:
        """The share that ended before anybody took it."""
        over = self.answered + self.unanswered
        return self.unanswered / over if over else None


@dataclass(frozen=True)
class Quarter:
    """The contacts that were opened in one quarter of an hour."""

    starts_at: dt.datetime
    figures: Figures


def figures(cases: Iterable[Case], now: dt.datetime, within: float) -> Figures:
    """Return what these contacts come to; `within` is the seconds of the service level."""
    every = list(cases)
    waits = [case.waited(now) for case in every if case.answered_at]
    ended = [case for case in every if case.ended_at and not case.answered_at]
    turned_away = sum(1 for case in ended if case.end_reason in _BY_THE_SERVICE)
    open_ones = (case for case in every if not case.answered_at and not case.ended_at)
    late = sum(1 for case in open_ones if case.waited(now) > within)
    return Figures(
        opened=len(every),
        answered=len(waits),
        in_time=sum(1 for wait in waits if wait <= within),
        left=len(ended) - turned_away,
        turned_away=turned_away,
        decided=len(waits) + len(ended) + late,
        median_wait=median(waits) if waits else None,
        longest_wait=max(waits, default=None),
    )


def by_quarter(
    cases: Sequence[Case], first: dt.datetime, last: dt.datetime, now: dt.datetime, within: float
) -> list[Quarter]:
    """Return each quarter of an hour from that of `first` to that of `last`, empty ones too."""
    groups: dict[dt.datetime, list[Case]] = defaultdict(list)
    for case in cases:
        groups[quarter_of(case.opened_at)].append(case)
    start, end = quarter_of(first), quarter_of(last)
    starts = [start + number * QUARTER for number in range((end - start) // QUARTER + 1)]
    return [Quarter(at, figures(groups[at], now, within)) for at in starts]


def quarter_of(moment: dt.datetime) -> dt.datetime:
    """Return the start of the quarter of an hour in which a moment lies, in UTC.

    Every zone in use is off by whole quarters, so these are quarters on its clock too.
    """
    utc = moment.astimezone(dt.UTC)
    return utc.replace(minute=utc.minute // 15 * 15, second=0, microsecond=0)
