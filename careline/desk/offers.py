"""What the desk shows of routing: offers to this person, what happens next to who waits."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from careline.accounts.models import Staff
from careline.contacts import presence
from careline.contacts.enums import DeskState, EventKind, Status
from careline.contacts.models import Contact, ContactEvent, StaffPresence
from careline.contacts.routing import snapshot
from careline.contacts.routing.decide import Specialist, next_step
from careline.contacts.routing.words import NEXT_STEPS, reason_of_offer, told


@dataclass(frozen=True)
class Standing:
    """What a person does at the desk, in words, and why if they didn't choose it."""

    state: DeskState
    missed: bool
    leaves_at: dt.datetime | None = None
    record_until: dt.datetime | None = None

    @property
    def label(self) -> str:
        """The state as the tag says it."""
        return str(self.state.label)

    @property
    def is_taking(self) -> bool:
        """Whether contacts may come."""
        return self.state is DeskState.AVAILABLE


def standing_of(staff: Staff, now: dt.datetime) -> Standing:
    """Return what this person does now; somebody new is on a break."""
    row = StaffPresence.objects.filter(staff=staff).first()
    if row is None:
        return Standing(DeskState.BREAK, missed=False)
    # Looking at the desk says that one is there.
    row.seen_at = now
    state = presence.in_effect(row, now)
    missed = row.missed_offers >= presence.MISSES_UNTIL_AWAY and state is DeskState.AWAY
    leaves_at = row.leaves_at if row.leaves_at and row.leaves_at > now else None
    if row.leaves_at and not leaves_at and state is DeskState.AVAILABLE:
        state = DeskState.AWAY  # The shift is over: what is theirs is finished, nothing new comes.
    finishing = state is DeskState.AFTER_CALL
    record_until = presence.after_call_until(row) if finishing else None
    return Standing(state, missed, leaves_at, record_until)


def why_offered(contact: Contact) -> str:
    """Return why the open offer of a contact was made."""
    event = ContactEvent.objects.filter(
        contact=contact, seq=contact.offer_seq, kind=EventKind.OFFERED
    ).first()
    return reason_of_offer(event.body) if event else ""


def why_invited(contact: Contact) -> str:
    """Return who asks for joining a contact and why, of its open invitation."""
    event = ContactEvent.objects.filter(
        contact=contact, seq=contact.invite_seq, kind=EventKind.INVITED
    ).first()
    return told(event.kind, event.body) if event else ""


class NextSteps:
    """What happens next to contacts that wait; the desk is looked at once for all."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self._desk: list[Specialist] | None = None

    def of(self, contact: Contact) -> str:
        """Return the named next step of a waiting chat; empty for any other contact."""
        if contact.status != Status.WAITING or contact.channel not in snapshot.OFFERED_CHANNELS:
            return ""
        if contact.offered_to:
            return _("offered to %(name)s") % {"name": contact.offered_to.shown_name}
        if self._desk is None:
            self._desk = snapshot.desk(self.now)
        step = next_step(snapshot.as_waiting(contact), self._desk, self.now.timestamp())
        return str(NEXT_STEPS[step.kind])


def people_to_give_to(contact: Contact, now: dt.datetime) -> Iterable[Staff]:
    """Return whom a supervisor can give this contact: everybody whose desk is open."""
    ids = [person.id for person in snapshot.desk(now)]
    return Staff.objects.filter(pk__in=ids).exclude(pk=contact.assignee_id or 0).order_by("alias")


def offer_number(posted: str) -> int:
    """Return the number of an offer as a form brings it; 0, no offer, for nonsense."""
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0


def end_of_shift(posted: str, now: dt.datetime) -> dt.datetime | None:
    """Return the next moment at which it is "HH:MM" in the service's zone; None for no time."""
    try:
        at = dt.time.fromisoformat(posted.strip())
    except ValueError:
        return None
    zone = ZoneInfo(settings.SERVICE_TIME_ZONE)
    today = now.astimezone(zone).date()
    end = dt.datetime.combine(today, at.replace(tzinfo=None), zone)
    return end if end > now else end + dt.timedelta(days=1)


def person_chosen(posted: str, contact_id: uuid.UUID, now: dt.datetime) -> Staff | None:
    """Return the person whom a form names, if their desk is open."""
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        return None
    found = (person for person in people_to_give_to(contact, now) if str(person.pk) == posted)
    return next(iter(found), None)
