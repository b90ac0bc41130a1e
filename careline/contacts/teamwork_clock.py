"""What time alone ends where several people are in a contact; `routing.run.tick` calls it.

Nothing half-finished stays: an invitation lapses, who joined and is gone or says nothing
leaves, and where only the second is still there the contact becomes theirs.
"""

import datetime as dt
from dataclasses import replace

from django.conf import settings

from careline.accounts.models import Staff
from careline.contacts import log as contact_log
from careline.contacts import presence, teamwork
from careline.contacts.enums import (
    AuthorKind,
    DeskState,
    EventKind,
    LeftBecause,
    NotJoined,
    Status,
)
from careline.contacts.errors import ContactRefused
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactEvent, StaffPresence
from careline.core import audit

# A colleague who joined and neither wrote nor whispered for so long is no longer needed.
SILENT_FOR = dt.timedelta(minutes=15)
_AT_A_TIME = 200


def tick(now: dt.datetime, lost_after: dt.timedelta) -> None:
    """End what is over; `lost_after` is how long a desk may be unseen."""
    end_invitations(now)
    let_go(now, lost_after)


def end_invitations(now: dt.datetime) -> None:
    """End the invitations whose time is over, or whose person is gone: the contact stays put."""
    open_ones = Contact.objects.filter(status=Status.ASSIGNED).exclude(invite_seq=0)
    for contact in open_ones.order_by("invited_until", "pk")[:_AT_A_TIME]:
        if why := _why_over(contact, now):
            body = {"invitation": contact.invite_seq, "why": why.value}
            _append(contact, EventKind.INVITATION_OVER, body)


def _why_over(contact: Contact, now: dt.datetime) -> NotJoined | None:
    left = contact.invited_until - now if contact.invited_until else dt.timedelta()
    # More than the whole time left: the clock was set back.
    if not dt.timedelta() < left <= dt.timedelta(seconds=settings.OFFER_SECONDS):
        return NotJoined.TIME
    person = StaffPresence.objects.filter(staff=contact.invited_id, staff__is_active=True).first()
    here = presence.in_effect(person, now) is not DeskState.AWAY
    return None if here else NotJoined.GONE


def let_go(now: dt.datetime, lost_after: dt.timedelta) -> None:
    """Let those leave who joined a conversation and are gone, or have had no part in it."""
    taken = Contact.objects.filter(status=Status.ASSIGNED).select_related("second", "supervisor")
    for contact in taken.exclude(second=None, supervisor=None).order_by("pk")[:_AT_A_TIME]:
        for guest in (contact.second, contact.supervisor):
            why = _why_left(contact, guest, now, lost_after) if guest else None
            if guest and why:
                body = {"who": guest.pk, "name": guest.shown_name, "why": why.value}
                _append(contact, EventKind.LEFT, body)
                contact.refresh_from_db()


def _why_left(
    contact: Contact, guest: Staff, now: dt.datetime, lost_after: dt.timedelta
) -> LeftBecause | None:
    if not _took_part(contact, guest, now - lost_after) and not is_here(guest, now, lost_after):
        return LeftBecause.LOST
    waits_to_take_over = guest.pk == contact.second_id
    if waits_to_take_over and not _took_part(contact, guest, now - SILENT_FOR):
        return LeftBecause.SILENT
    return None


def _took_part(contact: Contact, guest: Staff, since: dt.datetime) -> bool:
    """Return whether they joined, wrote or whispered since."""
    theirs = ContactEvent.objects.filter(contact=contact, author=guest, author__is_active=True)
    return theirs.filter(created_at__gt=since).exists()


def is_here(staff: Staff, now: dt.datetime, lost_after: dt.timedelta) -> bool:
    """Return whether this person's desk was seen lately."""
    seen = StaffPresence.objects.filter(staff=staff, staff__is_active=True)
    latest = now + presence.SEEN_WITHIN
    return seen.filter(seen_at__gt=now - lost_after, seen_at__lte=latest).exists()


def goes_on_with(contact: Contact) -> bool:
    """Give a contact whose person is gone to the colleague who is in it; False if nobody is.

    Call it after `let_go`: who is still in it then is there.
    """
    if contact.second is None:
        return False
    draft = teamwork.handed_over(contact, contact.second, AuthorKind.SERVICE)
    try:
        contact_log.append(replace(draft, only_after=contact.last_seq))
    except ContactRefused:
        return False
    audit.record("contact.hand_over", contact, acting_user=None, to=contact.second.pk)
    return True


def _append(contact: Contact, kind: EventKind, body: dict[str, object]) -> None:
    seq = contact.last_seq
    draft = Draft(contact.pk, kind, AuthorKind.SERVICE, body, only_after=seq)
    try:
        contact_log.append(draft)
    except ContactRefused:
        return  # Somebody was quicker; the next look sees it.
