"""Where a waiting visitor stands, and for how long that probably is."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q

from careline.contacts import hours
from careline.contacts.enums import DeskState, EndReason, Status
from careline.contacts.models import Contact, ContactQuerySet
from careline.contacts.routing import snapshot
from careline.contacts.routing.decide import Specialist
from careline.core import clock

# Fewer conversations than this in the last weeks say nothing about the next one.
MEASURED_AT_LEAST = 20
_MEASURED_WEEKS, _MEASURED_MOST = 4, 300
_KEPT_SECONDS = 60
# Two of three waits end between these shares; a wider or later range helps nobody.
_LOW, _HIGH = 0.17, 0.83
LONGEST_MINUTES, WIDEST_MINUTES = 60, 25


@dataclass(frozen=True)
class ExpectedWait:
    """A range of minutes in which two of three waits like this one end."""

    low: int
    high: int


def place_of(contact: Contact) -> int | None:
    """Return the contact's place among those waiting on its channel, from 1; None if it isn't.

    The order is the queue's: danger first, then who has waited longest.
    """
    if contact.status != Status.WAITING or contact.waiting_since is None:
        return None
    return _ahead_of(contact).count() + 1


def _ahead_of(contact: Contact) -> ContactQuerySet:
    before = Q(flag_rank__gt=contact.flag_rank) | Q(
        flag_rank=contact.flag_rank, waiting_since__lt=contact.waiting_since
    )
    return Contact.objects.waiting().filter(before, channel=contact.channel)


def expected_wait(contact: Contact, now: dt.datetime | None = None) -> ExpectedWait | None:
    """Return how long a waiting chat probably waits still, or None where nobody can say.

    From the length of the last weeks' conversations and the people at the desk who are
    trained for it. None: too little measured, nobody trained takes contacts, chat is closed
    (whoever is still there may leave any moment), or a range so wide or so late that it would
    promise something.
    """
    now = now or clock.now()
    if contact.channel not in snapshot.OFFERED_CHANNELS or contact.status != Status.WAITING:
        return None
    if not hours.scheduled(now).chat_open:
        return None
    at = now.timestamp()
    desk = [person for person in snapshot.desk(now) if _may_serve(person, contact, at)]
    seconds = mean_service_seconds(now)
    if not desk or seconds is None:
        return None
    ahead = sum(
        1 for other in _ahead_of(contact) if any(_may_serve(who, other, at) for who in desk)
    )
    return expected(ahead, desk, seconds)


def _may_serve(person: Specialist, contact: Contact, at: float) -> bool:
    taking = person.state in (DeskState.AVAILABLE, DeskState.AFTER_CALL)
    staying = person.leaves_at is None or at < person.leaves_at
    return taking and staying and person.fit(contact.topic, contact.language, at) is not None


def expected(ahead: int, desk: list[Specialist], seconds: float) -> ExpectedWait | None:
    """Return the range for somebody with so many ahead; `seconds` is a conversation's mean.

    As many conversations must end as are ahead and have no free place, and one more. With
    so many under way at a time, that moment is Erlang distributed. Who finishes a record has
    free places too, but perhaps only when their time for it is over. Pure.
    """
    offered = max(1, math.ceil(settings.OFFER_SECONDS / 60))
    free, soon = _free_places(desk, DeskState.AVAILABLE), _free_places(desk, DeskState.AFTER_CALL)
    if ahead < free:
        return ExpectedWait(0, offered)
    if ahead < free + soon:
        return ExpectedWait(0, settings.AFTER_CALL_MINUTES + offered)
    places = sum(max(person.capacity, person.load) for person in desk)
    ends = ahead + 1 - free - soon
    rate = places / seconds
    low, high = (_erlang_quantile(ends, share) / rate / 60 for share in (_LOW, _HIGH))
    told = ExpectedWait(_rounded(low, math.floor), _rounded(high, math.ceil))
    useful = told.high <= LONGEST_MINUTES and told.high - told.low <= WIDEST_MINUTES
    return told if useful else None


def _free_places(desk: list[Specialist], state: DeskState) -> int:
    return sum(max(0, who.capacity - who.load) for who in desk if who.state == state)


def _rounded(minutes: float, towards: Callable[[float], int]) -> int:
    step = 1 if minutes < 10 else 5
    return towards(minutes / step) * step


def _erlang_quantile(ends: int, share: float) -> float:
    """Return the time, in units of the mean between two ends, before which a share falls."""
    low, high = 0.0, 2.0 * ends + 20.0
    for _round in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _ended_by(ends, middle) < share else (low, middle)
    return (low + high) / 2


def _ended_by(ends: int, time: float) -> float:
    """Return the probability that a Poisson stream of rate 1 has brought so many by then."""
    term, fewer = math.exp(-time), 0.0
    for number in range(ends):
        fewer += term
        term *= time / (number + 1)
    return 1 - fewer


def mean_service_seconds(now: dt.datetime) -> float | None:
    """Return how long a chat took on average in the last weeks; None where too few were had.

    From the first answer to the end: one that was passed on took a place all that time.
    """
    key = "contacts.service_seconds"
    kept = cache.get(key)
    if kept is None:
        kept = _measure(now)
        cache.set(key, kept, _KEPT_SECONDS)
    return kept or None


def _measure(now: dt.datetime) -> float:
    had = Contact.objects.chats().filter(
        status=Status.ENDED,
        answered_at__isnull=False,
        ended_at__gte=now - dt.timedelta(weeks=_MEASURED_WEEKS),
        end_reason__in=(EndReason.FINISHED, EndReason.LEFT, EndReason.IDLE),
    )
    spans = had.order_by("-ended_at").values_list("answered_at", "ended_at")[:_MEASURED_MOST]
    seconds = [(end - start).total_seconds() for start, end in spans if start and end]
    if len(seconds) < MEASURED_AT_LEAST:
        return 0.0
    return max(1.0, sum(seconds) / len(seconds))
