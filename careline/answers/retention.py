"""Deleting what is kept of questions, when its time is over."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from careline.answers.models import AskedQuestion
from careline.core.events import Event, log
from careline.core.retention import purges


@purges("answers")
def purge(now: dt.datetime, dry_run: bool) -> dict[str, int]:
    """Delete what is due at `now` (aware); with `dry_run` only count it.

    All of it is due once a deployment has switched the keeping off.
    """
    today = now.astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE)).date()
    rows = AskedQuestion.objects.all()
    due = rows.due_for_deletion(today) if settings.KEEP_WORDS_OF_QUESTIONS else rows
    count = due.count() if dry_run else due.delete()[0]
    if count and not dry_run:
        log(Event.PERSONAL_DATA_PURGED, app="answers", count=count)
    return {"words of questions": count}
