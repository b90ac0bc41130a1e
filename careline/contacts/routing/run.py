"""The offers as events of the log: made, answered in time or passed to the next.

`tick` runs every few seconds in the worker, `route` also right after anything that frees
somebody. Both can run in any number of processes at once: a person's row and a contact's row
are held while an offer is made (SKIP LOCKED on PostgreSQL, one writer at a time on SQLite),
routers come one after the other, since of two at once one could hold the people and the other
the contacts; and a step that follows from silence is stored only if the log hasn't grown meanwhile.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import cast

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from careline.accounts.models import Staff
from careline.contacts import hours, presence, teamwork_clock
from careline.contacts import log as contact_log
from careline.contacts.enums import (
    AuthorKind,
    DeskState,
    EndReason,
    EventKind,
    Passed,
    ReleaseReason,
    Status,
)
from careline.contacts.errors import ContactRefused
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactEvent, ContactQuerySet, StaffPresence
from careline.contacts.routing import snapshot
from careline.contacts.routing.decide import Offer, decide
from careline.core import audit, clock
from careline.core.events import Event, log
from careline.safety.levels import Level

# Somebody who has a conversation and whose desk isn't seen, nor a word of theirs, for so long
# has lost it. Longer than for offers: taking a conversation away is worse than not giving one.
LOST_AFTER = dt.timedelta(minutes=5)
# A callback or a message may be worked on for days, but not by somebody who doesn't come back.
REQUEST_LOST_AFTER = dt.timedelta(hours=24)
# Chats that nobody took are ended so long after closing time, when nobody is there any more.
CLOSED_FOR = dt.timedelta(minutes=10)
_AT_A_TIME = 200
_ROUTERS = 0x726F757465  # PostgreSQL's number of the lock that a router holds.


def tick(now: dt.datetime | None = None) -> None:
    """Do everything that time alone brings, then make the offers that are possible."""
    now = now or clock.now()
    pass_on_unanswered(now)
    teamwork_clock.tick(now, LOST_AFTER)
    release_lost(now)
    ask_the_silent(now)
    end_the_silent(now)
    end_unserved(now)
    route(now)


# Offers.


def route(now: dt.datetime | None = None) -> list[ContactEvent]:
    """Make the offers that are possible now and return them as stored."""
    now = now or clock.now()
    # Most of the time nobody waits: then no lock is taken.
    if not decide(snapshot.queue(), snapshot.desk(now), now.timestamp()):
        return []
    with transaction.atomic():
        _wait_for_other_routers()
        people, waiting = snapshot.desk(now, lock=True), snapshot.queue(lock=True)
        offers = decide(waiting, people, now.timestamp())
        names = {staff.pk: staff.shown_name for staff in _staff(offers)}
        drafts = [_offered(offer, names[offer.staff_id], now) for offer in offers]
        stored = contact_log.append_batch(drafts)
    made = [event for event in stored if isinstance(event, ContactEvent)]
    for event in made:
        log(Event.CONTACT_OFFERED, contact=event.contact_id)
    return made


def _wait_for_other_routers() -> None:
    """Go on when no other transaction makes offers; on SQLite there is no other that writes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ROUTERS])


def _staff(offers: list[Offer]) -> Iterator[Staff]:
    return Staff.objects.filter(pk__in=[offer.staff_id for offer in offers]).iterator()


def _offered(offer: Offer, name: str, now: dt.datetime) -> Draft:
    until = now + dt.timedelta(seconds=settings.OFFER_SECONDS)
    body = {
        "to": offer.staff_id,
        "name": name,
        "until": until.isoformat(),
        "because": [reason.value for reason in offer.because],
    }
    contact_id = cast(uuid.UUID, offer.contact_id)
    return Draft(contact_id, EventKind.OFFERED, AuthorKind.SERVICE, body)


def pass_on_unanswered(now: dt.datetime) -> None:
    """End the offers whose time is over, and those to people who take no contacts any more."""
    asked = Contact.objects.waiting().exclude(offer_seq=0).order_by("offered_until", "pk")
    for contact in asked[:_AT_A_TIME]:
        why = _why_passed(contact, now)
        if why:
            _pass_on(contact, why, now)


def _why_passed(contact: Contact, now: dt.datetime) -> Passed | None:
    left = contact.offered_until - now if contact.offered_until else dt.timedelta()
    # More than an offer's whole time left: the clock was set back.
    if not dt.timedelta() < left <= dt.timedelta(seconds=settings.OFFER_SECONDS):
        return Passed.TIME
    person = StaffPresence.objects.filter(
        staff=contact.offered_to_id, staff__is_active=True
    ).first()
    taking = presence.in_effect(person, now) is DeskState.AVAILABLE
    return None if taking else Passed.GONE


def _pass_on(contact: Contact, why: Passed, now: dt.datetime) -> None:
    body = {"offer": contact.offer_seq, "to": contact.offered_to_id, "why": why.value}
    draft = Draft(contact.pk, EventKind.OFFER_LAPSED, AuthorKind.SERVICE, body)
    with transaction.atomic():
        # The person before the contact, as everywhere, so that two can't wait for each other.
        if why is Passed.TIME and contact.offered_to_id:
            presence.note_missed(contact.offered_to_id, now)
        if not _append(draft):
            # They answered at the last moment: then it wasn't missed either.
            transaction.set_rollback(True)


def _append(draft: Draft) -> bool:
    try:
        contact_log.append(draft)
    except ContactRefused:
        return False
    return True


# People who are not there any more.


def release_lost(now: dt.datetime) -> None:
    """Give contacts whose person isn't there any more back to the queue, with their place."""
    chats = Q(channel__in=snapshot.OFFERED_CHANNELS)
    # Somebody sits at the other end of a chat: however many requests are lost, they come first.
    for of_kind, patience in ((chats, LOST_AFTER), (~chats, REQUEST_LOST_AFTER)):
        lost = Contact.objects.filter(of_kind, _is_lost(now, now - patience))
        people = lost.select_related("assignee", "second")
        for contact in people.order_by("accepted_at", "pk")[:_AT_A_TIME]:
            _release(contact)


def _is_lost(now: dt.datetime, since: dt.datetime) -> Q:
    """Ask the database: else it would be about the first rows only, and not about the lost ones."""
    here = StaffPresence.objects.filter(
        seen_at__gt=since, seen_at__lte=now + presence.SEEN_WITHIN, staff__is_active=True
    )
    # Without JavaScript a desk isn't seen while somebody writes: their words say it.
    words = ContactEvent.objects.filter(
        contact=OuterRef("pk"),
        author=OuterRef("assignee"),
        author__is_active=True,
        created_at__gt=since,
    )
    not_here = ~Q(assignee__in=here.values("staff"))
    return Q(not_here, ~Exists(words), status=Status.ASSIGNED, accepted_at__lte=since)


@transaction.atomic
def _release(contact: Contact) -> None:
    if teamwork_clock.goes_on_with(contact):
        return
    name = contact.assignee.shown_name if contact.assignee else ""
    body = {"from": contact.assignee_id, "name": name, "why": ReleaseReason.LOST.value}
    seq = contact.last_seq
    draft = Draft(contact.pk, EventKind.RELEASED, AuthorKind.SERVICE, body, only_after=seq)
    if _append(draft):
        audit.record("contact.release", contact, acting_user=None, why=ReleaseReason.LOST.value)
        log(Event.CONTACT_RELEASED, contact=contact.pk)


# Conversations that have gone silent.


def ask_the_silent(now: dt.datetime) -> None:
    """Ask visitors who were answered and say nothing whether they are still there."""
    silent_since = now - dt.timedelta(minutes=settings.CHAT_IDLE_MINUTES)
    body = {"minutes": settings.CHAT_IDLE_GRACE_MINUTES}
    for contact in _silent(silent_since).filter(idle_warned_at=None)[:_AT_A_TIME]:
        kind = EventKind.IDLE_WARNED
        seq = contact.last_seq
        _append(Draft(contact.pk, kind, AuthorKind.SERVICE, body, only_after=seq))


def end_the_silent(now: dt.datetime) -> None:
    """End conversations whose visitor was asked and didn't answer. Danger is never ended so."""
    asked_before = now - dt.timedelta(minutes=settings.CHAT_IDLE_GRACE_MINUTES)
    silent = _silent(asked_before).filter(idle_warned_at__lte=asked_before)
    for contact in silent.filter(flag_rank__lt=Level.URGENT.rank)[:_AT_A_TIME]:
        _end(contact, EndReason.IDLE)


def _silent(since: dt.datetime) -> ContactQuerySet:
    return Contact.objects.chats().filter(
        status=Status.ASSIGNED, awaiting_reply_since=None, last_event_at__lte=since
    )


def end_unserved(now: dt.datetime) -> None:
    """End chats that still wait when chat has been closed for a while and nobody is there.

    Their page then says so, with the ways that are open. Somebody in danger stays in the
    queue, where it is seen first.
    """
    if presence.anyone_accepting(now) or hours.scheduled(now).chat_open:
        return
    if hours.scheduled(now - CLOSED_FOR).chat_open:
        return
    waiting = Contact.objects.chats().waiting().filter(waiting_since__lte=now - CLOSED_FOR)
    for contact in waiting.filter(flag_rank__lt=Level.URGENT.rank)[:_AT_A_TIME]:
        _end(contact, EndReason.UNSERVED)


def _end(contact: Contact, reason: EndReason) -> None:
    body = {"by": AuthorKind.SERVICE.value, "reason": reason.value}
    seq = contact.last_seq
    draft = Draft(contact.pk, EventKind.ENDED, AuthorKind.SERVICE, body, only_after=seq)
    with transaction.atomic():
        presence.hold(contact.assignee_id)
        if _append(draft):
            presence.begin_record(contact, clock.now())
            audit.record("contact.end", contact, acting_user=None, by=AuthorKind.SERVICE.value)
            log(Event.CONTACT_ENDED, by=AuthorKind.SERVICE.value)
