"""Deleting addresses whose time is over."""

import datetime as dt

from django.db import transaction

from careline.core import audit
from careline.core.events import Event, log
from careline.core.retention import purges
from careline.engagement.models import NewsSubscription

_AT_ONCE = 500


def purge(now: dt.datetime, dry_run: bool) -> int:
    """Delete every subscription due at `now` (aware) and return how many there were.

    With `dry_run` they are only counted.
    """
    due = NewsSubscription.objects.due_for_deletion(now)
    if dry_run:
        return due.count()
    deleted = 0
    while batch := _purge_batch(now):
        deleted += batch
    if deleted:
        log(Event.PERSONAL_DATA_PURGED, app="engagement", count=deleted)
    return deleted


@purges("engagement")
def _purge_counted(now: dt.datetime, dry_run: bool) -> dict[str, int]:
    return {"news_addresses": purge(now, dry_run)}


@transaction.atomic
def _purge_batch(now: dt.datetime) -> int:
    # Locked, so that a confirmation at the same moment either comes first or finds no row.
    due = NewsSubscription.objects.due_for_deletion(now).select_for_update()[:_AT_ONCE]
    batch = list(due)
    for subscription in batch:
        audit.record("engagement.purged", subscription, acting_user=None)
    NewsSubscription.objects.filter(pk__in=[row.pk for row in batch]).delete()
    return len(batch)
