"""Who is at the desk and takes contacts."""

import datetime as dt

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts
from careline.contacts.errors import NotAllowed
from careline.contacts.models import StaffPresence
from careline.core import audit, clock

# A desk that wasn't seen for so long counts as empty. Browsers wake a tab in the
# background at least once a minute.
SEEN_WITHIN = dt.timedelta(minutes=3)


def set_accepting(*, acting_user: Staff, accepting: bool) -> StaffPresence:
    """Say that this person takes contacts from now on, or doesn't."""
    if not may_serve_contacts(acting_user):
        raise NotAllowed
    presence, _new = StaffPresence.objects.update_or_create(
        staff=acting_user, defaults={"accepting": accepting, "seen_at": clock.now()}
    )
    audit.record("presence.set", presence, acting_user=acting_user, accepting=accepting)
    return presence


def beat(*, acting_user: Staff) -> None:
    """Note that this person's desk is open. Leaves no audit row: it comes every few seconds."""
    StaffPresence.objects.filter(staff=acting_user).update(seen_at=clock.now())


def is_accepting(staff: Staff, now: dt.datetime | None = None) -> bool:
    """Return whether this person takes contacts now."""
    since = (now or clock.now()) - SEEN_WITHIN
    return StaffPresence.objects.accepting(since=since).filter(staff=staff).exists()


def anyone_accepting(now: dt.datetime | None = None) -> bool:
    """Return whether at least one person takes contacts now."""
    return StaffPresence.objects.accepting(since=(now or clock.now()) - SEEN_WITHIN).exists()
