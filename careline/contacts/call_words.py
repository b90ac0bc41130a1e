"""How the window of a promised call is written, in the active language's way."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from careline.contacts import call_times, callbacks
from careline.contacts.call_times import CallTime


def span(starts: dt.datetime, ends: dt.datetime) -> str:
    """Return "Tuesday, November 24, 9 a.m. to 11 a.m. Central": day and hours of the service."""
    zone = callbacks.service_zone()
    return _("%(day)s, %(hours)s %(zone)s") % {
        "day": day_named(starts.astimezone(zone).date()),
        "hours": hours_on(zone, starts, ends),
        "zone": _(settings.SERVICE_TIME_ZONE_LABEL),
    }


def day_named(day: dt.date) -> str:
    """Return weekday, month and day."""
    return f"{formats.date_format(day, 'l')}, {formats.date_format(day, 'MONTH_DAY_FORMAT')}"


def hours_on(zone: ZoneInfo, starts: dt.datetime, ends: dt.datetime) -> str:
    """Return "9 a.m. to 11 a.m." on the clock of this zone."""
    return _("%(begin)s to %(end)s") % {"begin": _clock(starts, zone), "end": _clock(ends, zone)}


def _clock(moment: dt.datetime, zone: ZoneInfo) -> str:
    return formats.time_format(moment.astimezone(zone).time(), "TIME_FORMAT")


def moment(at: dt.datetime) -> str:
    """Return day and time of a moment, on the clock of its own zone."""
    time = formats.time_format(at.time(), "TIME_FORMAT")
    return _("%(day)s, %(time)s") % {"day": day_named(at.date()), "time": time}


def own_hours(starts: dt.datetime, ends: dt.datetime, zone_name: str) -> str:
    """Return the hours on the clock of a named zone, with the day where it is another.

    Empty where that clock shows the same as the service's at that time, or nobody knows it.
    """
    name = call_times.known_zone(zone_name)
    if not name:
        return ""
    there, here = starts.astimezone(ZoneInfo(name)), starts.astimezone(callbacks.service_zone())
    if there.utcoffset() == here.utcoffset():
        return ""
    hours = hours_on(ZoneInfo(name), starts, ends)
    return hours if there.date() == here.date() else f"{day_named(there.date())}, {hours}"


def choice(time: CallTime) -> str:
    """Return how a window reads under its day in a list of them."""
    hours = hours_on(callbacks.service_zone(), time.starts, time.ends)
    if time.is_any:
        named = {"day": day_named(time.day), "hours": hours}
        return _("As soon as you can: %(day)s, %(hours)s") % named
    return _("%(part)s, %(hours)s") % {"part": time.part.label, "hours": hours}
