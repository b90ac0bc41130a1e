"""Calls that were promised: when they can be, where they stand, and what becomes of a missed one.

The log is the truth (contacts.call_steps says what it means). No call is ever without a next
step: it has a window that is to come, or one that is now, or it stands in the queue without one
and counts as due; a window that passes is followed by the next of the same part of the day.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef

from careline.contacts import call_times, hours, opening_rows
from careline.contacts import log as contact_log
from careline.contacts.call_times import CallTime, Span
from careline.contacts.enums import (
    AttemptOutcome,
    AuthorKind,
    CallbackWindow,
    Channel,
    EventKind,
    PlannedBecause,
    Status,
)
from careline.contacts.errors import ContactRefused
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactDetails, ContactEvent, ContactQuerySet
from careline.core import clock
from careline.core.events import Event, log

_DAYS_AHEAD = 14  # More than the days offered, holidays and closings between them included.
_AT_A_TIME = 200


def service_zone() -> ZoneInfo:
    """Return the zone in which days and hours are meant."""
    return ZoneInfo(settings.SERVICE_TIME_ZONE)


def times(now: dt.datetime | None = None) -> list[CallTime]:
    """Return the windows that can be chosen now, the soonest first."""
    now = now or clock.now()
    return call_times.offered(_open_spans(now), now, service_zone())


def chosen(key: str, now: dt.datetime | None = None) -> CallTime | None:
    """Return the window that a form names, as long as it can be chosen."""
    return next((time for time in times(now) if time.key == key), None)


def time_for(part: CallbackWindow, now: dt.datetime) -> CallTime | None:
    """Return the next window of this part of a day."""
    return call_times.next_like(part, _open_spans(now), now, service_zone())


def _open_spans(now: dt.datetime) -> Iterator[Span]:
    """Yield the hours from `now` on, as the plan says them: specialists call in them.

    After "close now" nobody knows when today goes on; tomorrow is as planned.
    """
    plan, moment = opening_rows.current(), now
    if plan.closed and plan.closed.since <= now:
        plan, moment = replace(plan, closed=None), _tomorrow(now)
    until = now + dt.timedelta(days=_DAYS_AHEAD)
    while moment < until:
        said = hours.scheduled(moment, plan)
        if said.chat_open:
            closes = min(said.closes_at or until, until)
            yield moment, closes
            moment = closes
        elif said.opens_at is None:
            return
        else:
            moment = said.opens_at


def _tomorrow(now: dt.datetime) -> dt.datetime:
    """Return the beginning of the service's next day."""
    day = now.astimezone(service_zone()).date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), tzinfo=service_zone()).astimezone(dt.UTC)


def planned(
    contact_id: Any,
    time: CallTime | None,
    *,
    why: PlannedBecause,
    zone: str = "",
    part: CallbackWindow = CallbackWindow.ANY,
    only_after: int | None = None,
) -> Draft:
    """Return the draft that gives a call its window; None for a service that never opens."""
    body = {
        "from": time.starts.isoformat() if time else None,
        "until": time.ends.isoformat() if time else None,
        "part": str(part),
        "zone": zone,
        "why": why.value,
    }
    author = AuthorKind.VISITOR if why is PlannedBecause.CHOSEN else AuthorKind.SERVICE
    kind = EventKind.CALL_PLANNED
    return Draft(contact_id, kind, author, body, only_after=only_after)


def first_plan(contact_id: Any, time: CallTime | None, *, part: CallbackWindow, zone: str) -> Draft:
    """Return the draft for a new call: in the window that was chosen, else in the next one."""
    if time is not None:
        return planned(contact_id, time, why=PlannedBecause.CHOSEN, zone=zone, part=part)
    soonest = time_for(part, clock.now())
    return planned(contact_id, soonest, why=PlannedBecause.FIRST, zone=zone, part=part)


# What time alone brings.


def tick(now: dt.datetime | None = None) -> None:
    """Say which calls are due, and give those whose time has passed the next one."""
    now = now or clock.now()
    _say_what_is_due(now)
    _plan_again(now)
    _plan_those_without(now)


def _open_calls() -> ContactQuerySet:
    return Contact.objects.filter(channel=Channel.CALLBACK).exclude(status=Status.ENDED)


def _say_what_is_due(now: dt.datetime) -> None:
    due = _open_calls().filter(call_due=False, call_from__lte=now, call_until__gt=now)
    for contact in due.order_by("call_until")[:_AT_A_TIME]:
        seq = contact.last_seq
        draft = Draft(contact.pk, EventKind.CALL_DUE, AuthorKind.SERVICE, only_after=seq)
        if _append(draft):
            log(Event.CALL_DUE, contact=contact.pk)


def _plan_again(now: dt.datetime) -> None:
    # Each event keeps the words longer: a request that nobody has dealt with for so long stays
    # due, first in the queue, until its retention ends.
    since = now - dt.timedelta(days=settings.RETENTION_DAYS_TRANSCRIPT)
    passed = _open_calls().filter(call_until__lte=now, opened_at__gt=since).order_by("call_until")
    for contact in passed[:_AT_A_TIME]:
        tried = _tried_since(contact, contact.call_from)
        why = PlannedBecause.NO_ANSWER if tried else PlannedBecause.MISSED
        if _append(_next_window(contact, now, why)) and not tried:
            log(Event.CALL_MISSED, level=logging.WARNING, contact=contact.pk)


def _plan_those_without(now: dt.datetime) -> None:
    """Give a time to waiting calls that have none: from an earlier version, or never open then."""
    tried = ContactEvent.objects.filter(contact=OuterRef("pk"), kind=EventKind.CALL_ATTEMPT)
    without = _open_calls().filter(~Exists(tried), status=Status.WAITING, call_from=None)
    for contact in without.order_by("opened_at")[:_AT_A_TIME]:
        draft = _next_window(contact, now, PlannedBecause.FIRST)
        if draft.body["from"]:
            _append(draft)


def _next_window(contact: Contact, now: dt.datetime, why: PlannedBecause) -> Draft:
    part, zone = part_wanted(contact), zone_of(contact)
    time = time_for(part, now)
    return planned(contact.pk, time, why=why, zone=zone, part=part, only_after=contact.last_seq)


def part_wanted(contact: Contact) -> CallbackWindow:
    """Return the part of the day in which the person wanted to be called."""
    details = ContactDetails.objects.filter(contact=contact).first()
    return CallbackWindow(details.window) if details and details.window else CallbackWindow.ANY


def zone_of(contact: Contact) -> str:
    """Return the name of the visitor's own time zone; empty where their browser didn't say."""
    plans = ContactEvent.objects.filter(contact=contact, kind=EventKind.CALL_PLANNED)
    last = plans.order_by("-seq").first()
    return call_times.known_zone(str(last.body.get("zone", ""))) if last else ""


def _tried_since(contact: Contact, since: dt.datetime | None) -> bool:
    attempts = ContactEvent.objects.filter(contact=contact, kind=EventKind.CALL_ATTEMPT)
    return bool(since) and attempts.filter(created_at__gte=since).exists()


def _append(draft: Draft) -> bool:
    try:
        contact_log.append(draft)
    except ContactRefused:
        return False  # Something happened meanwhile: the next round looks again.
    return True


# What the visitor reads of it.


class Standing(StrEnum):
    """Where a promised call stands."""

    PLANNED = "planned"
    NOW = "now"
    UNTIMED = "untimed"
    REACHED = "reached"
    ENDED = "ended"


@dataclass(frozen=True)
class CallState:
    """What a visitor reads about their call. `zone` is their own, empty if unknown."""

    standing: Standing
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    zone: str = ""
    missed: bool = False
    last_attempt: dt.datetime | None = None
    last_outcome: str = ""

    @property
    def can_change(self) -> bool:
        """Whether another time can still be chosen."""
        return self.standing not in (Standing.ENDED, Standing.REACHED)


def state_of(contact: Contact, now: dt.datetime | None = None) -> CallState:
    """Return where the call stands at this moment."""
    now = now or clock.now()
    events = contact_log.after(contact.pk)
    plans = [event for event in events if event.kind == EventKind.CALL_PLANNED]
    attempts = [event for event in events if event.kind == EventKind.CALL_ATTEMPT]
    last = attempts[-1] if attempts else None
    return CallState(
        _standing(contact, last, now),
        contact.call_from,
        contact.call_until,
        zone=call_times.known_zone(str(plans[-1].body.get("zone", ""))) if plans else "",
        missed=contact.calls_missed > 0,
        last_attempt=last.created_at if last else None,
        last_outcome=str(last.body.get("outcome", "")) if last else "",
    )


def _standing(contact: Contact, last: ContactEvent | None, now: dt.datetime) -> Standing:
    if contact.has_ended:
        return Standing.ENDED
    if contact.call_from is not None:
        return Standing.NOW if contact.call_from <= now else Standing.PLANNED
    reached = last is not None and last.body.get("outcome") == AttemptOutcome.REACHED
    return Standing.REACHED if reached else Standing.UNTIMED
