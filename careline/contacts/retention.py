"""Deleting what has reached the end of its clock.

Three clocks: the log (words), the contact details, and the rows of anonymous
statistics (a contact's times and its record).
"""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q

from careline.contacts.enums import EndReason, Status
from careline.contacts.models import (
    Contact,
    ContactDetails,
    ContactEvent,
    ContactQuerySet,
    ContactRecord,
)
from careline.core.events import Event, log
from careline.core.retention import purges

_AT_A_TIME = 500  # So that nobody who writes waits long for the lock.


@dataclass(frozen=True)
class Purged:
    """How many rows were deleted, or would be."""

    transcripts: int
    contact_details: int
    records: int
    contacts: int


def purge(now: dt.datetime, dry_run: bool = False) -> Purged:
    """Delete what is due at `now`; with `dry_run` only count it. Can be repeated at will."""
    details = ContactDetails.objects.filter(_details_due(now))
    records = ContactRecord.objects.filter(delete_after__lte=now)
    if dry_run:
        due = Contact.objects.transcript_due(now).count()
        return Purged(due, details.count(), records.count(), _contacts_due(now).count())
    purged = Purged(
        transcripts=_purge_transcripts(now),
        contact_details=details.delete()[0],
        records=records.delete()[0],
        contacts=_purge_contacts(now),
    )
    log(Event.PERSONAL_DATA_PURGED, **asdict(purged))
    return purged


@purges("contacts")
def _purge_counted(now: dt.datetime, dry_run: bool) -> dict[str, int]:
    return asdict(purge(now, dry_run))


def _details_due(now: dt.datetime) -> Q:
    # Details never outlive the words that they belong to.
    return Q(delete_after__lte=now) | Q(contact__delete_after__lte=now)


def _purge_transcripts(now: dt.datetime) -> int:
    count = 0
    while ids := _next_transcripts(now):
        with transaction.atomic():
            ContactEvent.objects.filter(contact__in=ids).purge()
            count += Contact.objects.filter(pk__in=ids).update(transcript_purged_at=now)
            _end_forgotten(ids, now)
    return count


def _end_forgotten(ids: list[uuid.UUID], now: dt.datetime) -> None:
    # Without its words nobody can serve it; it must not stay in the queue.
    Contact.objects.filter(pk__in=ids).exclude(status=Status.ENDED).update(
        status=Status.ENDED, ended_at=now, end_reason=EndReason.SERVICE, waiting_since=None
    )


def _next_transcripts(now: dt.datetime) -> list[uuid.UUID]:
    due = Contact.objects.transcript_due(now).values_list("pk", flat=True)
    return list(due[:_AT_A_TIME])


def _contacts_due(now: dt.datetime) -> ContactQuerySet:
    return Contact.objects.filter(
        statistics_delete_after__lte=now, delete_after__lte=now, record=None
    )


def _purge_contacts(now: dt.datetime) -> int:
    return (
        _contacts_due(now).exclude(transcript_purged_at=None).delete()[1].get("contacts.Contact", 0)
    )
