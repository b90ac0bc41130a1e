"""Who is at the desk, for supervisors: what each does, how much is with them, how much may be."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from careline.accounts.models import Staff
from careline.contacts import presence
from careline.contacts.enums import DeskState
from careline.contacts.models import StaffPresence
from careline.contacts.routing import snapshot

MOST_AT_ONCE = 9


@dataclass(frozen=True)
class Person:
    """One line of the list."""

    staff: Staff
    state: DeskState
    since: dt.datetime
    leaves_at: dt.datetime | None
    load: int
    is_asked: bool
    at_once: int | None

    @property
    def may_have(self) -> int:
        """How many conversations at once."""
        return self.at_once or settings.CHAT_CAPACITY


def people_at_desk(now: dt.datetime) -> list[Person]:
    """Return everybody who was at the desk before, those whose desk is open first."""
    here = {person.id: person for person in snapshot.desk(now)}
    rows = StaffPresence.objects.filter(staff__is_active=True).select_related("staff")
    people = [
        Person(
            staff=row.staff,
            state=presence.in_effect(row, now),
            since=row.state_since,
            leaves_at=_until(row, now),
            load=here[row.staff_id].load if row.staff_id in here else 0,
            is_asked=row.staff_id in here and here[row.staff_id].has_offer,
            at_once=row.capacity,
        )
        for row in rows
    ]
    return sorted(people, key=lambda person: (person.state, person.staff.own_name))


def _until(row: StaffPresence, now: dt.datetime) -> dt.datetime | None:
    """Until when they take contacts; a break has no such end, though their shift may."""
    taking = presence.in_effect(row, now) is DeskState.AVAILABLE
    return row.leaves_at if taking and row.leaves_at and row.leaves_at > now else None


def at_once_from(posted: str) -> int | None:
    """Return how many conversations a form allows; None for the service's usual number."""
    number = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 3 else 0
    return number if 1 <= number <= MOST_AT_ONCE else None
