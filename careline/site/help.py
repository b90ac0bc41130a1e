"""Which help is open now, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careline.contacts import hours
from careline.core import clock


@dataclass(frozen=True)
class HelpNow:
    """The help bar's facts; times are aware and in the service's own zone."""

    phone: str
    phone_href: str
    emergency: str
    chat_open: bool
    chat_line: str
    chat_opens_at: datetime | None
    locale: str

    @property
    def chat_opens_iso(self) -> str:
        """Return the opening moment in ISO 8601 with the service's offset, or an empty text."""
        return self.chat_opens_at.isoformat() if self.chat_opens_at else ""


def help_now() -> HelpNow:
    """Return what is open at this moment, in the active language.

    Works without the database too: the phone is then what is left.
    """
    try:
        status = hours.status()
    except DatabaseError:
        status = hours.OpeningStatus(False, hours.Reason.OUTSIDE_HOURS)
    opens_at = status.opens_at
    zone = ZoneInfo(settings.SERVICE_TIME_ZONE)
    return HelpNow(
        phone=settings.HELPLINE_PHONE,
        phone_href="tel:" + "".join(c for c in settings.HELPLINE_PHONE if c.isdigit() or c == "+"),
        emergency=settings.EMERGENCY_NUMBER,
        chat_open=status.chat_open,
        chat_line=_chat_line(status, zone),
        chat_opens_at=opens_at.astimezone(zone) if opens_at else None,
        locale=locale_tag(),
    )


def locale_tag() -> str:
    """Return the BCP 47 tag for times and dates: the active language as this country writes it."""
    return str(_locale()).replace("_", "-")


def _locale() -> Locale:
    language = get_language() or settings.LANGUAGE_CODE
    try:
        return Locale.parse(f"{language}_{settings.CHAT_HOLIDAYS_COUNTRY or 'US'}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language.replace("-", "_"))


def _chat_line(status: hours.OpeningStatus, zone: ZoneInfo) -> str:
    if closes_at := _closes_soon(status):
        words = _("Chat is open until %(time)s %(zone)s")
        moment = closes_at.astimezone(zone)
    elif status.opens_at:
        moment = status.opens_at.astimezone(zone)
        words = _opening_words((moment.date() - clock.now().astimezone(zone).date()).days)
    else:
        return _closed_words(status)
    return words % {
        "time": _time_of_day(moment),
        "day": format_date(moment, "EEEE", locale=_locale()),
        "date": format_date(moment, "MMMMd", locale=_locale()),
        "zone": _(settings.SERVICE_TIME_ZONE_LABEL),
    }


def _closes_soon(status: hours.OpeningStatus) -> datetime | None:
    """Return when an open chat closes if a time of day says it: not if it is open for days."""
    within_a_day = status.closes_at and status.closes_at - clock.now() < timedelta(hours=23)
    return status.closes_at if status.chat_open and within_a_day else None


def _time_of_day(moment: datetime) -> str:
    # The narrow space that some locales put before "am" is missing from many phones' fonts.
    return format_time(moment, "short", locale=_locale()).lower().replace("\u202f", "\u00a0")


def _closed_words(status: hours.OpeningStatus) -> str:
    # No promise here: nobody knows when a specialist comes free.
    if status.reason in (hours.Reason.NOBODY_ACCEPTING, hours.Reason.QUEUE_FULL):
        return _("No specialist is free for chat right now")
    if status.reason is hours.Reason.CLOSED_NOW:
        return _("Chat is closed for now")
    return _("Chat is open") if status.chat_open else _("Chat is closed")


def _opening_words(days: int) -> str:
    if days == 0:
        return _("Chat opens today at %(time)s %(zone)s")
    if days == 1:
        return _("Chat opens tomorrow at %(time)s %(zone)s")
    if days < 7:
        return _("Chat opens %(day)s at %(time)s %(zone)s")
    return _("Chat opens on %(date)s at %(time)s %(zone)s")
