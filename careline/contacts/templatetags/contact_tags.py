"""How times and numbers of a contact are written."""

import datetime as dt
from zoneinfo import ZoneInfo

import phonenumbers
from django import template
from django.conf import settings
from django.utils import formats

register = template.Library()


def _in_service_zone(moment: dt.datetime | str) -> dt.datetime:
    aware = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return aware.astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE))


@register.filter
def clock_of_service(moment: dt.datetime | str) -> str:
    """Return the time of day on the service's clock, in the active language's way."""
    return formats.time_format(_in_service_zone(moment).time(), "TIME_FORMAT")


@register.filter
def day_of_service(moment: dt.datetime) -> str:
    """Return weekday, day and month in the service's zone, in the active language's way."""
    day = _in_service_zone(moment).date()
    return f"{formats.date_format(day, 'l')}, {formats.date_format(day, 'MONTH_DAY_FORMAT')}"


@register.filter
def written_day(day: str) -> str:
    """Return an ISO date in the active language's way."""
    return formats.date_format(dt.date.fromisoformat(day), "DATE_FORMAT")


@register.filter
def phone_number(number: str) -> str:
    """Return an E.164 number as people of the service's country write it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    home = settings.CHAT_HOLIDAYS_COUNTRY or "US"
    return _shown(parsed, home)


def _shown(parsed: phonenumbers.PhoneNumber, home: str) -> str:
    abroad = phonenumbers.region_code_for_number(parsed) != home
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.INTERNATIONAL if abroad else form.NATIONAL)
