"""Deleting what has reached the end of its clock.

Three clocks: the log (words), the contact details, and the rows of anonymous
statistics (a contact's times and its record).
"""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from careline.contacts.attachment_models import Attachment
from careline.contacts.earlier_models import EarlierContact
from careline.contacts.enums import EndReason, EventKind, Status
from careline.contacts.followups_models import FollowUp
from careline.contacts.models import (
    Contact,
    ContactDetails,
    ContactEvent,
    ContactQuerySet,
    ContactRecord,
)
from careline.contacts.visitor_models import ResumeCode, SurveyAnswer
from careline.core.events import Event, log
from careline.core.retention import purges

_AT_A_TIME = 500  # So that nobody who writes waits long for the lock.


# For so long screens that were open when a visitor deleted everything can learn of it.
_END_STAYS = dt.timedelta(days=1)


# What else a contact's row says about a conversation.
_TIMES = (
    "waiting_since",
    "queued_since",
    "invited_until",
    "consult_since",
    "passed_at",
    "accepted_at",
    "answered_at",
    "awaiting_reply_since",
    "idle_warned_at",
    "ended_at",
    "wrapped_up_at",
)
_COUNTS = (
    "release_count",
    "invite_seq",
    "follow_ups_open",
    "unread_count",
    "flag_count",
    "flag_rank",
    "card_rank",
)
_PEOPLE = ("invited", "second", "supervisor")


@dataclass(frozen=True)
class Purged:
    """How many rows were deleted, or would be."""

    transcripts: int
    contact_details: int
    follow_ups: int
    records: int
    survey_answers: int
    contacts: int


def purge(now: dt.datetime, dry_run: bool = False) -> Purged:
    """Delete what is due at `now`; with `dry_run` only count it. Can be repeated at will."""
    details = ContactDetails.objects.filter(_details_due(now))
    records = ContactRecord.objects.filter(delete_after__lte=now)
    follow_ups = FollowUp.objects.filter(delete_after__lte=now)
    opinions = SurveyAnswer.objects.filter(delete_after__lte=now)
    if dry_run:
        return Purged(
            transcripts=Contact.objects.transcript_due(now).count(),
            contact_details=details.count(),
            follow_ups=follow_ups.count(),
            records=records.count(),
            survey_answers=opinions.count(),
            contacts=_contacts_due(now).count(),
        )
    purged = Purged(
        transcripts=_purge_transcripts(now),
        contact_details=details.delete()[0],
        follow_ups=follow_ups.delete()[0],
        records=records.delete()[0],
        survey_answers=opinions.delete()[0],
        contacts=_purge_contacts(now),
    )
    log(Event.PERSONAL_DATA_PURGED, **asdict(purged))
    return purged


@purges("contacts")
def _purge_counted(now: dt.datetime, dry_run: bool) -> dict[str, int]:
    return asdict(purge(now, dry_run))


def delete_words(
    contact_ids: list[uuid.UUID], now: dt.datetime, *, by_visitor: bool = False
) -> int:
    """Delete the logs, the details and the codes of these contacts; return how many that were.

    One that still went on ends. Where the visitor deletes, the record and the times go too, and
    the last event, the end, stays for a day. Call it inside a transaction that has locked the
    contacts' rows.
    """
    events = ContactEvent.objects.filter(contact__in=contact_ids)
    if by_visitor:
        events = events.exclude(kind=EventKind.ENDED)
    events.purge()
    ContactDetails.objects.filter(contact__in=contact_ids).delete()
    ResumeCode.objects.filter(contact__in=contact_ids).delete()
    FollowUp.objects.filter(contact__in=contact_ids).delete()
    Attachment.objects.filter(contact__in=contact_ids).delete()
    linked = Q(contact__in=contact_ids) | Q(earlier__in=contact_ids)
    EarlierContact.objects.filter(linked).delete()
    contacts = Contact.objects.filter(pk__in=contact_ids)
    # Without its words nobody can serve it; it must not stay in the queue.
    contacts.exclude(status=Status.ENDED).update(
        status=Status.ENDED,
        ended_at=now,
        end_reason=EndReason.SERVICE,
        waiting_since=None,
        **dict.fromkeys(_PEOPLE),
    )
    # The key of the form was made from what was filled in.
    count = contacts.update(
        transcript_purged_at=now,
        start_id=None,
        deleted_by_visitor=by_visitor,
        follow_ups_open=0,
    )
    if by_visitor:
        for contact in contacts:
            _keep_the_day(contact)
    return count


def _keep_the_day(contact: Contact) -> None:
    """Leave of a contact what its visitor was told: the day, the channel, language and topic."""
    ContactRecord.objects.filter(contact=contact).delete()
    day = _day_of(contact.opened_at)
    kept_until = day + dt.timedelta(days=settings.RETENTION_DAYS_STATISTICS)
    Contact.objects.filter(pk=contact.pk).update(
        opened_at=day,
        delete_after=kept_until,
        statistics_delete_after=kept_until,
        **dict.fromkeys(_TIMES),
        **dict.fromkeys(_PEOPLE),
        **dict.fromkeys(_COUNTS, 0),
        flag_level="",
        card_level="",
        passed_by=[],
        call_from=None,
        call_until=None,
        call_due=False,
        calls_missed=0,
    )


def _day_of(moment: dt.datetime) -> dt.datetime:
    """Return the beginning of the day, as statistics count days."""
    at = moment.astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE))
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _details_due(now: dt.datetime) -> Q:
    days = dt.timedelta(days=settings.RETENTION_DAYS_CONTACT_DETAILS)
    # Counted from the end: somebody may still have to be called. And details never outlive
    # the words that they belong to.
    ended = Q(delete_after__lte=now, contact__ended_at__lte=now - days)
    return ended | Q(contact__delete_after__lte=now)


def _purge_transcripts(now: dt.datetime) -> int:
    count = 0
    while True:
        with transaction.atomic():
            ids = _next_transcripts(now)
            if not ids:
                break
            count += delete_words(ids, now)
    _purge_ends(now)
    return count


def _next_transcripts(now: dt.datetime) -> list[uuid.UUID]:
    due = Contact.objects.transcript_due(now).select_for_update().values_list("pk", flat=True)
    return list(due[:_AT_A_TIME])


def _purge_ends(now: dt.datetime) -> None:
    deleted = Contact.objects.filter(transcript_purged_at__lte=now - _END_STAYS)
    ContactEvent.objects.filter(contact__in=deleted.values("pk")).purge()
    # The desk that had it has said so for a day; now nobody's name or hour stays with it either.
    for contact in deleted.filter(deleted_by_visitor=True).exclude(last_event_at=None):
        with transaction.atomic():
            _keep_the_day(contact)
            Contact.objects.filter(pk=contact.pk).update(
                assignee=None,
                last_seq=0,
                last_event_at=None,
                transcript_purged_at=_day_of(contact.transcript_purged_at or now),
            )


def _contacts_due(now: dt.datetime) -> ContactQuerySet:
    return Contact.objects.filter(
        statistics_delete_after__lte=now, delete_after__lte=now, record=None
    )


def _purge_contacts(now: dt.datetime) -> int:
    due = _contacts_due(now).exclude(transcript_purged_at=None).filter(events=None)
    return due.delete()[1].get("contacts.Contact", 0)
