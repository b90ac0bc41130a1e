"""The one place where the project asks what time it is, so that tests can say."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def today() -> dt.date:
    """Return today's date in the service's time zone, which decides review dates."""
    return now().astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE)).date()
