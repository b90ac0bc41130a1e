"""Visits as a calendar file (RFC 5545), for the calendar on a phone."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from careline.site.explore.visits import Visit

_NAMESPACE = uuid.UUID("6f2f4d0a-6f0b-4f0c-9b8e-5a1f0c2a7d31")


def calendar_file(plan: str, visits: Sequence[Visit], caution: str, now: dt.datetime) -> bytes:
    """Return the visits as whole days. `caution` says whose dates count; it stands in each.

    The title names no medicine: others may see a calendar. The same visit keeps its
    UID, so that a file that is opened twice doesn't double it. `now` is in UTC.
    """
    made = Calendar()
    made.add("prodid", "-//Careline//Treatment visits//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for visit in visits:
        made.add_component(_event(plan, visit, caution, now))
    return bytes(made.to_ical())


def _event(plan: str, visit: Visit, caution: str, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{uuid.uuid5(_NAMESPACE, f'{plan} {visit.day}')}@careline")
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", visit.day)
    event.add("dtend", visit.day + dt.timedelta(days=1))
    event.add("summary", _("Treatment visit"))
    event.add("description", "\n".join([", ".join(visit.drugs), caution]))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event
