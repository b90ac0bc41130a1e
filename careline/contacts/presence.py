"""Who is at the desk, what they do there, and what follows for offers."""

import datetime as dt
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts, may_supervise
from careline.contacts.enums import DeskState, Status
from careline.contacts.errors import NotAllowed
from careline.contacts.models import Contact, StaffPresence, StaffPresenceQuerySet
from careline.contacts.routing.soon import route_soon
from careline.core import audit, clock

# A desk that wasn't seen for so long counts as empty. Browsers wake a tab in the
# background at least once a minute.
SEEN_WITHIN = dt.timedelta(minutes=3)
# Somebody who lets so many offers lapse in a row isn't there, whatever the tab says.
MISSES_UNTIL_AWAY = 2
# The record of a chat is begun so long after its end at most.
_END_BEFORE_RECORD = dt.timedelta(minutes=1)


class ShiftEnd(Enum):
    """Stands for a moment."""

    AS_BEFORE = "as before"


@transaction.atomic
def set_state(
    *,
    acting_user: Staff,
    state: DeskState,
    leaves_at: dt.datetime | ShiftEnd | None = ShiftEnd.AS_BEFORE,
) -> StaffPresence:
    """Say what this person does from now on; `leaves_at` is the end of their shift, None for none.

    A break or a record leaves that end as it was; going away, and coming back after it, forgets
    it. What is with them stays with them; who goes away just gets nothing new. Raises NotAllowed.
    """
    if not may_serve_contacts(acting_user):
        raise NotAllowed
    now = clock.now()
    chosen: dict[str, Any] = {
        "state": state,
        "state_since": now,
        "seen_at": now,
        "missed_offers": 0,
    }
    if leaves_at is not ShiftEnd.AS_BEFORE:
        chosen["leaves_at"] = leaves_at
    elif state is DeskState.AWAY or _shift_is_over(acting_user, now):
        chosen["leaves_at"] = None
    presence, _new = StaffPresence.objects.update_or_create(staff=acting_user, defaults=chosen)
    audit.record("presence.set", presence, acting_user=acting_user, state=state.value)
    route_soon()
    return presence


def _shift_is_over(staff: Staff, now: dt.datetime) -> bool:
    return StaffPresence.objects.filter(staff=staff, leaves_at__lte=now).exists()


def set_accepting(*, acting_user: Staff, accepting: bool) -> StaffPresence:
    """Say that this person takes contacts from now on, or has a break."""
    state = DeskState.AVAILABLE if accepting else DeskState.BREAK
    return set_state(acting_user=acting_user, state=state)


def set_capacity(*, acting_user: Staff, staff: Staff, capacity: int | None) -> StaffPresence:
    """Say how many conversations somebody has at once; None for the service's usual number.

    Raises NotAllowed for all but supervisors.
    """
    if not may_supervise(acting_user):
        raise NotAllowed
    presence, _new = StaffPresence.objects.update_or_create(
        staff=staff, defaults={"capacity": capacity}
    )
    audit.record("presence.capacity", presence, acting_user=acting_user, capacity=capacity)
    return presence


def beat(*, acting_user: Staff) -> None:
    """Note that this person's desk is open. Leaves no audit row: it comes every few seconds."""
    now = clock.now()
    if not StaffPresence.objects.filter(staff=acting_user).update(seen_at=now):
        # Somebody new at the desk has not said yet that they take contacts.
        StaffPresence.objects.get_or_create(staff=acting_user, defaults={"seen_at": now})


def in_effect(presence: StaffPresence | None, now: dt.datetime) -> DeskState:
    """Return what holds at this moment.

    A desk that isn't seen is away whatever was chosen; finishing a record ends by the clock.
    """
    if presence is None or abs(now - presence.seen_at) > SEEN_WITHIN:
        return DeskState.AWAY
    state = DeskState(presence.state)
    finishing = presence.state_since <= now < after_call_until(presence)
    return DeskState.AVAILABLE if state is DeskState.AFTER_CALL and not finishing else state


def after_call_until(presence: StaffPresence) -> dt.datetime:
    """Return until when finishing a record keeps new contacts away."""
    return presence.state_since + dt.timedelta(minutes=settings.AFTER_CALL_MINUTES)


def state_of(staff: Staff, now: dt.datetime | None = None) -> DeskState:
    """Return what this person does now."""
    presence = StaffPresence.objects.filter(staff=staff).first()
    return in_effect(presence, now or clock.now())


def note_answered(staff: Staff, now: dt.datetime) -> None:
    """Note that somebody answered; also holds the row, so that no offer is made meanwhile."""
    StaffPresence.objects.filter(staff=staff).update(missed_offers=0, seen_at=now)


def hold(staff_id: int | None) -> None:
    """Hold this person's row before a contact's is written, in the order that all writers keep."""
    if staff_id is not None:
        list(StaffPresence.objects.select_for_update().filter(staff=staff_id).values_list("pk"))


def begin_record(contact: Contact, now: dt.datetime) -> None:
    """Let who had a chat that has just ended finish its record before the next one comes.

    Not where the record is kept already, nor while they are being asked about another contact.
    """
    if not contact.is_chat or contact.assignee_id is None or contact.wrapped_up_at:
        return
    if Contact.objects.filter(status=Status.WAITING, offered_to=contact.assignee_id).exists():
        return
    taking = StaffPresence.objects.filter(staff=contact.assignee_id, state=DeskState.AVAILABLE)
    taking.update(state=DeskState.AFTER_CALL, state_since=now)


def record_done(staff: Staff, now: dt.datetime) -> None:
    """Let somebody who was finishing records take contacts again, after the last of this time.

    Records that are missing from before hold up nobody.
    """
    row = StaffPresence.objects.filter(staff=staff, state=DeskState.AFTER_CALL).first()
    if row is None:
        return
    left = Contact.objects.chats().to_wrap_up(staff)
    if left.filter(ended_at__gt=row.state_since - _END_BEFORE_RECORD).exists():
        return
    StaffPresence.objects.filter(pk=row.pk).update(state=DeskState.AVAILABLE, state_since=now)
    route_soon()


def note_missed(staff_id: int, now: dt.datetime) -> None:
    """Note that somebody let an offer lapse; after some in a row they count as away.

    Else one open tab would take every contact in turn, and chat would be "open" with nobody
    behind it.
    """
    presence = StaffPresence.objects.select_for_update().filter(staff=staff_id).first()
    if presence is None:
        return
    presence.missed_offers += 1
    if presence.missed_offers >= MISSES_UNTIL_AWAY and presence.state == DeskState.AVAILABLE:
        presence.state, presence.state_since = DeskState.AWAY, now
        audit.record("presence.missed", presence, acting_user=None, state=DeskState.AWAY.value)
    presence.save(update_fields=["missed_offers", "state", "state_since"])


def is_accepting(staff: Staff, now: dt.datetime | None = None) -> bool:
    """Return whether this person takes contacts now."""
    return _accepting(now or clock.now()).filter(staff=staff).exists()


def anyone_accepting(now: dt.datetime | None = None) -> bool:
    """Return whether at least one person takes contacts now."""
    return _accepting(now or clock.now()).exists()


def _accepting(now: dt.datetime) -> StaffPresenceQuerySet:
    return StaffPresence.objects.accepting(now, since=now - SEEN_WITHIN)
