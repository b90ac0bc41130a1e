"""A conversation as its visitor may take it along: the same events that their page shows."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from careline.contacts.enums import EventKind

_RULE = "-" * 40


def as_text(shown: Sequence[dict[str, Any]], origin: str) -> str:
    """Return plain text in the active language; `origin` stands before addresses of pages.

    Lines end with CR LF, as text files do on most phones and computers.
    """
    heading = _("Your conversation with %(organisation)s") % {
        "organisation": settings.ORGANISATION_NAME
    }
    zone = _("Times: %(zone)s") % {"zone": settings.SERVICE_TIME_ZONE_LABEL}
    parts = [heading, zone, _RULE, *(_told(event, origin) for event in shown)]
    return "\n\n".join(part for part in parts if part).replace("\n", "\r\n") + "\r\n"


def _told(event: dict[str, Any], origin: str) -> str:
    who = _who(event)
    if not who:
        return ""
    lines = [f"{_moment(event['at'])}  {who}", str(event.get("text", ""))]
    if event["kind"] == EventKind.APPROVED_SENTENCE:
        lines.append(f"({event['page']}: {origin}{event['url']})")
    return "\n".join(line for line in lines if line)


def _who(event: dict[str, Any]) -> str:
    """Return who speaks or what happened; nothing for what isn't for reading later."""
    name = str(event.get("name", ""))
    return {
        EventKind.VISITOR_MESSAGE: _("You"),
        EventKind.VISITOR_FILE: _("You sent a file, which this text can't hold."),
        EventKind.SPECIALIST_MESSAGE: name,
        EventKind.APPROVED_SENTENCE: name,
        EventKind.ACCEPTED: _("%(name)s has joined.") % {"name": name},
        EventKind.LEFT: _("%(name)s has left.") % {"name": name},
        EventKind.HANDED_OVER: _("%(by)s has left. %(name)s goes on with you.")
        % {"by": event.get("by", ""), "name": name},
        EventKind.ENDED: _("The conversation has ended."),
    }.get(event["kind"], "")


def _moment(at: str) -> str:
    moment = dt.datetime.fromisoformat(at).astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE))
    return formats.date_format(moment, "SHORT_DATETIME_FORMAT")
