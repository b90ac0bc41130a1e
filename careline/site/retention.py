"""Deleting what readers said, when its time is over."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from careline.core.events import Event, log
from careline.core.retention import purges
from careline.site.models import PageFeedback


@purges("site")
def purge(now: dt.datetime, dry_run: bool) -> dict[str, int]:
    """Delete the feedback that is due at `now` (aware); with `dry_run` only count it."""
    today = now.astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE)).date()
    due = PageFeedback.objects.due_for_deletion(today)
    count = due.count() if dry_run else due.delete()[0]
    if count and not dry_run:
        log(Event.PERSONAL_DATA_PURGED, app="site", count=count)
    return {"feedback": count}
