"""Every change of the opening hours, for supervisors: the week, one-offs, "close now".

All raise NotAllowed for anybody else. What is changed counts for whoever asks next, in every
process (contacts.opening_rows); pages that are kept ready ask twice a second.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from functools import partial

from django.db import transaction

from careline.accounts.models import Staff
from careline.accounts.permissions import may_supervise
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind, EventKind, OneOffKind
from careline.contacts.errors import NotAllowed
from careline.contacts.log import Draft
from careline.contacts.models import Contact
from careline.contacts.opening_models import EarlyClosing, OneOff, OpeningHours, OpeningVersion
from careline.core import audit, clock
from careline.core.text import clean


@transaction.atomic
def set_week(*, acting_user: Staff, week: Mapping[int, str]) -> None:
    """Keep the hours of these weekdays (0 is Monday).

    Each is a text of spans "HH:MM-HH:MM" with spaces between; an empty one is closed.
    """
    _begin(acting_user)
    before = dict(OpeningHours.objects.values_list("weekday", "spans"))
    for weekday, spans in week.items():
        if before.get(weekday) == spans:
            continue
        row, _new = OpeningHours.objects.update_or_create(
            weekday=weekday, defaults={"spans": spans}
        )
        was = before.get(weekday)
        audit.record("opening.hours", row, acting_user=acting_user, spans=spans, before=was)


@transaction.atomic
def use_settings(*, acting_user: Staff) -> None:
    """Forget the weekdays' rows: the hours of the settings hold again."""
    _begin(acting_user)
    for row in OpeningHours.objects.all():
        audit.record("opening.hours.forget", row, acting_user=acting_user, before=row.spans)
    OpeningHours.objects.all().delete()


@transaction.atomic
def add_one_off(
    *,
    acting_user: Staff,
    kind: OneOffKind,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    reasons: Mapping[str, str],
) -> OneOff:
    """Close or open chat for a stretch of time; visitors read the reason of their language."""
    _begin(acting_user)
    row = OneOff.objects.create(
        kind=kind, starts_at=starts_at, ends_at=ends_at, reasons=_cleaned(reasons)
    )
    audit.record("opening.one_off.add", row, acting_user=acting_user, **_times(row))
    return row


@transaction.atomic
def remove_one_off(*, acting_user: Staff, one_off_id: int) -> None:
    """Take a one-off back. One that is gone already is none to take back."""
    _begin(acting_user)
    for row in OneOff.objects.filter(pk=one_off_id):
        audit.record("opening.one_off.remove", row, acting_user=acting_user, **_times(row))
        row.delete()


def _times(row: OneOff) -> dict[str, str]:
    times = {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
    return {"kind": str(row.kind), **times}


@transaction.atomic
def close_now(*, acting_user: Staff, reasons: Mapping[str, str] | None = None) -> EarlyClosing:
    """Let no new chat begin from now on, until somebody opens again.

    Conversations go on. Who waits keeps their place and is told at once what is open instead.
    Closed already: returns that closing.
    """
    _begin(acting_user)
    if closed := EarlyClosing.objects.filter(opened_at=None).first():
        return closed
    row = EarlyClosing.objects.create(closed_by=acting_user, reasons=_cleaned(reasons or {}))
    audit.record("opening.close_now", row, acting_user=acting_user)
    _tell_who_waits(EventKind.CLOSED_EARLY)
    return row


@transaction.atomic
def open_again(*, acting_user: Staff) -> EarlyClosing | None:
    """End an early closing: the plan's hours hold again. None where there is none to end."""
    _begin(acting_user)
    row = EarlyClosing.objects.filter(opened_at=None).first()
    if row is None:
        return None
    row.opened_at, row.opened_by = clock.now(), acting_user
    row.save(update_fields=["opened_at", "opened_by"])
    audit.record("opening.open_again", row, acting_user=acting_user)
    _tell_who_waits(EventKind.OPEN_AGAIN)
    return row


def _begin(acting_user: Staff) -> None:
    """Check the right, and take the next token. Its row is held: one change after the other."""
    if not may_supervise(acting_user):
        raise NotAllowed
    OpeningVersion.objects.update_or_create(pk=1, defaults={"token": uuid.uuid4().hex})


def _cleaned(reasons: Mapping[str, str]) -> dict[str, str]:
    return {language: clean(text) for language, text in reasons.items() if clean(text)}


def _tell_who_waits(kind: EventKind) -> None:
    """Tell them once it is closed: that waits for nobody's conversation.

    Whoever isn't reached by it reads the same on their page within seconds.
    """
    transaction.on_commit(partial(_tell, kind), robust=True)


def _tell(kind: EventKind) -> None:
    waiting = Contact.objects.chats().waiting().values_list("pk", flat=True)
    contact_log.append_batch([Draft(pk, kind, AuthorKind.SERVICE) for pk in waiting])
