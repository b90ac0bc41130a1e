"""The contacts of some days as `contacts.figures` counts them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from careline.contacts.figures import Case
from careline.contacts.models import Contact

_FIELDS = ("channel", "opened_at", "answered_at", "ended_at", "end_reason")


def opened_on(first: dt.date, last: dt.date) -> list[Case]:
    """Return the contacts opened from the first day to the last, in the service's zone."""
    start, end = midnight(first), midnight(last + dt.timedelta(days=1))
    found = Contact.objects.filter(opened_at__gte=start, opened_at__lt=end).order_by("opened_at")
    return [Case(*values) for values in found.values_list(*_FIELDS)]


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment at which a day of the service begins."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZoneInfo(settings.SERVICE_TIME_ZONE))
