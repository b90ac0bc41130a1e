"""What a supervisor sees at a glance: who waits, how the day goes, who does what.

The day's numbers are counted by contacts.figures, as the reports' are.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from careline.contacts import cases, figures
from careline.contacts.enums import Channel, DeskState
from careline.contacts.figures import Figures, Quarter
from careline.contacts.models import Contact
from careline.desk.people import Person, people_at_desk
from careline.desk.wallboard_plots import Plot, most_at_once, plots
from careline.safety.levels import Level

# The plots show four hours at least, twelve at most.
_LEAST, _MOST = dt.timedelta(hours=4), dt.timedelta(hours=12)


@dataclass(frozen=True)
class Waiting:
    """Who waits on a channel now. `longest` is in seconds, None where nobody waits."""

    channel: Channel
    count: int
    danger: int
    longest: float | None


@dataclass(frozen=True)
class AtDesk:
    """Somebody whose desk is open, and for how many seconds they have done what they do."""

    person: Person
    seconds: float


@dataclass(frozen=True)
class Wallboard:
    """The numbers of a moment. `today` and the quarters are about chats."""

    now: dt.datetime
    channels: list[Waiting]
    today: Figures
    quarters: list[Quarter]
    within: int
    target: float
    people: list[AtDesk]
    away: int

    @property
    def chat(self) -> Waiting:
        """Who waits in chat."""
        return next(each for each in self.channels if each.channel is Channel.CHAT)

    @property
    def danger(self) -> int:
        """How many wait who may be in danger, on any channel."""
        return sum(each.danger for each in self.channels)

    @property
    def states(self) -> list[tuple[DeskState, int]]:
        """How many people do what, for each state that somebody is in."""
        counted = Counter(each.person.state for each in self.people)
        return [(state, counted[state]) for state in DeskState if counted[state]]

    @property
    def available(self) -> int:
        """How many take contacts."""
        return sum(1 for each in self.people if each.person.state is DeskState.AVAILABLE)

    @property
    def is_late(self) -> bool:
        """Whether fewer were answered in time than the service aims at."""
        level = self.today.service_level
        return level is not None and level < self.target

    @property
    def plots(self) -> list[Plot]:
        """The quarters as shapes."""
        return plots(self.quarters, self.target)

    @property
    def busiest(self) -> tuple[int, dt.datetime] | None:
        """The most chats that began in one quarter, and when."""
        return most_at_once(self.quarters)


def wallboard(now: dt.datetime) -> Wallboard:
    """Return the wallboard of this moment."""
    today = now.astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE)).date()
    chats = [case for case in cases.opened_on(today, today) if case.channel == Channel.CHAT]
    within = settings.SERVICE_LEVEL_SECONDS
    first = max(min([now - _LEAST, *(case.opened_at for case in chats)]), now - _MOST)
    first = max(first, cases.midnight(today))
    people = people_at_desk(now)
    here = [person for person in people if person.state is not DeskState.AWAY]
    return Wallboard(
        now=now,
        channels=waiting_now(now),
        today=figures.figures(chats, now, within),
        quarters=figures.by_quarter(chats, first, now, now, within),
        within=within,
        target=settings.SERVICE_LEVEL_PERCENT / 100,
        people=[AtDesk(each, max(0.0, (now - each.since).total_seconds())) for each in here],
        away=len(people) - len(here),
    )


def waiting_now(now: dt.datetime) -> list[Waiting]:
    """Return who waits, for each channel in the order in which to look at them."""
    fields = ("channel", "waiting_since", "flag_rank")
    rows = list(Contact.objects.waiting().values_list(*fields))
    return [_waiting(channel, rows, now) for channel in Channel]


def _waiting(
    channel: Channel, rows: list[tuple[str, dt.datetime | None, int]], now: dt.datetime
) -> Waiting:
    mine = [(since or now, rank) for kept, since, rank in rows if kept == channel]
    seconds = [max(0.0, (now - since).total_seconds()) for since, _rank in mine]
    danger = sum(1 for _since, rank in mine if rank >= Level.URGENT.rank)
    return Waiting(channel, len(mine), danger, max(seconds, default=None))
