"""Promises to get in touch again: agreed on a contact, shown when due, ticked off."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts, may_supervise
from careline.contacts import log as contact_log
from careline.contacts.enums import AttemptOutcome, AuthorKind, EventKind
from careline.contacts.errors import ContactMissing, DateTooLate, NotAllowed
from careline.contacts.followups_models import FollowUp
from careline.contacts.log import Draft
from careline.contacts.models import Contact
from careline.contacts.permissions import may_read
from careline.core import audit, clock
from careline.core.text import clean


@transaction.atomic
def set_follow_up(
    *,
    acting_user: Staff,
    contact_id: uuid.UUID,
    staff: Staff,
    due_on: dt.date,
    what: str,
    key: uuid.UUID,
) -> FollowUp:
    """Agree that `staff` gets in touch by a day (of the service's zone).

    The same form again, with its `key`, agrees to nothing more. Raises NotAllowed, DateTooLate
    (by then nobody knows any more how to reach the person), ContactMissing.
    """
    contact = _locked(contact_id)
    if not may_read(acting_user, contact) or not may_serve_contacts(staff):
        raise NotAllowed
    if due_on > (latest := latest_day(contact)):
        raise DateTooLate(latest)
    given = {"staff": staff, "set_by": acting_user, "due_on": due_on, "what": clean(what)}
    follow_up, new = FollowUp.objects.get_or_create(contact=contact, key=key, defaults=given)
    if new:
        body = {"follow_up": follow_up.pk, "due": due_on.isoformat(), "for": staff.shown_name}
        _note(acting_user, contact, EventKind.FOLLOW_UP_SET, body)
        audit.record("contact.follow_up_set", contact, acting_user=acting_user, to=staff.pk)
    return follow_up


@transaction.atomic
def complete(
    *, acting_user: Staff, follow_up: FollowUp, outcome: AttemptOutcome | None = None
) -> FollowUp:
    """Tick one off; a second time changes nothing. Raises NotAllowed, ContactMissing."""
    if follow_up.staff_id != acting_user.pk and not may_supervise(acting_user):
        raise NotAllowed
    contact = _locked(follow_up.contact_id)
    done = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if done.done_at:
        return done
    now = clock.now()
    done.done_at, done.done_by, done.outcome = now, acting_user, outcome or ""
    done.delete_after = now + dt.timedelta(days=settings.RETENTION_DAYS_CONTACT_DETAILS)
    done.save(update_fields=["done_at", "done_by", "outcome", "delete_after"])
    body = {"follow_up": done.pk, "outcome": done.outcome}
    _note(acting_user, contact, EventKind.FOLLOW_UP_DONE, body)
    audit.record("contact.follow_up_done", contact, acting_user=acting_user)
    return done


def latest_day(contact: Contact) -> dt.date:
    """Return the last day on which the contact's words and how to reach them are sure to be kept.

    Counted from today while the contact goes on: it can't end before.
    """
    days = min(settings.RETENTION_DAYS_CONTACT_DETAILS, settings.RETENTION_DAYS_TRANSCRIPT)
    end = contact.ended_at or clock.now()
    zone = ZoneInfo(settings.SERVICE_TIME_ZONE)
    return (end + dt.timedelta(days=days - 1)).astimezone(zone).date()


def _locked(contact_id: uuid.UUID) -> Contact:
    kept = Contact.objects.select_for_update().filter(pk=contact_id, transcript_purged_at=None)
    contact = kept.first()
    if contact is None:
        raise ContactMissing
    return contact


def _note(staff: Staff, contact: Contact, kind: EventKind, body: dict[str, object]) -> None:
    named = {**body, "name": staff.shown_name}
    contact_log.append(Draft(contact.pk, kind, AuthorKind.SPECIALIST, named, staff.pk))
