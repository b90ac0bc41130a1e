"""Why an offer was made and what happens next, in words for the desk."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careline.contacts.enums import (
    AttemptOutcome,
    EventKind,
    JoinedAs,
    LeftBecause,
    NotJoined,
    Passed,
    ReleaseReason,
    TransferReason,
)
from careline.contacts.routing.decide import Because, Next

_REASONS: dict[str, str | Promise] = {
    Because.DANGER: gettext_lazy("red flags go first"),
    Because.LONGEST_WAIT: gettext_lazy("waits longest"),
    Because.NEXT_THAT_FITS: gettext_lazy("those before wait for another training"),
    Because.TRAINED_FOR_TOPIC: gettext_lazy("trained for this topic"),
    Because.TRAINED_IN_LANGUAGE: gettext_lazy("trained in this language"),
    Because.ONLY_ONE_FREE: gettext_lazy("nobody else who fits is free"),
    Because.FEWEST_CONTACTS: gettext_lazy("fewest contacts"),
    Because.OTHERS_SPEAK_MORE: gettext_lazy("the others free speak more languages"),
    Because.FREE_LONGEST: gettext_lazy("free for longest"),
    Because.ASKED_ANEW: gettext_lazy("asked anew"),
    Because.COLLEAGUE_ASKS: gettext_lazy("a colleague hands it to you"),
}

NEXT_STEPS: dict[Next, str | Promise] = {
    Next.OFFER_NOW: gettext_lazy("is offered at once"),
    Next.ASK_ANEW: gettext_lazy("passed on; asked anew in a moment"),
    Next.WHEN_FREE: gettext_lazy("next when somebody trained is free"),
    Next.WHEN_BACK: gettext_lazy("next when somebody trained is back"),
    Next.SUPERVISOR: gettext_lazy("nobody trained is at the desk: a supervisor decides"),
}


def reasons(codes: Iterable[str]) -> str:
    """Return the reasons of an offer as one line; a code of a later version is left out."""
    return ", ".join(str(_REASONS[code]) for code in codes if code in _REASONS)


def reason_of_offer(body: Mapping[str, Any]) -> str:
    """Return why this offer was made, as one line."""
    why = _label(TransferReason, body.get("reason"))
    return ": ".join(part for part in (reasons(body.get("because", ())), why) if part)


def told(kind: str, body: Mapping[str, Any]) -> str:
    """Return what the desk's log says of a routing event; empty for any other."""
    name = body.get("name", "")
    if kind in _TOGETHER:
        return _TOGETHER[kind](body)
    if kind == EventKind.OFFERED:
        because = reason_of_offer(body)
        return _("Offered to %(name)s: %(because)s") % {"name": name, "because": because}
    if kind == EventKind.DECLINED:
        return _("%(name)s passed it on") % {"name": name}
    if kind == EventKind.OFFER_LAPSED:
        return str(format_lazy("{}: {}", _("Offer over"), _label(Passed, body.get("why"))))
    if kind == EventKind.ASSIGNED:
        return _("%(by)s gave it to %(name)s") % {"by": body.get("by", ""), "name": name}
    if kind == EventKind.RELEASED and body.get("reason"):
        why = _label(TransferReason, body["reason"])
        return _("Transferred by %(name)s: %(why)s") % {"name": name, "why": why}
    if kind == EventKind.RELEASED:
        why = _label(ReleaseReason, body.get("why"))
        return _("Back in the queue, from %(name)s: %(why)s") % {"name": name, "why": why}
    if kind == EventKind.IDLE_WARNED:
        return _("The visitor was asked whether they are still there")
    return ""


def _invited(body: Mapping[str, Any]) -> str:
    words = {"by": body.get("by", ""), "name": body.get("name", "")}
    words["why"] = _label(TransferReason, body.get("reason"))
    return _("%(by)s asked %(name)s to join: %(why)s") % words


def _invitation_over(body: Mapping[str, Any]) -> str:
    return str(format_lazy("{}: {}", _("Nobody joined"), _label(NotJoined, body.get("why"))))


def _joined(body: Mapping[str, Any]) -> str:
    role = _label(JoinedAs, body.get("as"))
    return _("%(name)s joined (%(role)s)") % {"name": body.get("name", ""), "role": role}


def _left(body: Mapping[str, Any]) -> str:
    why = _label(LeftBecause, body.get("why"))
    return _("%(name)s left: %(why)s") % {"name": body.get("name", ""), "why": why}


def _handed_over(body: Mapping[str, Any]) -> str:
    names = {"by": body.get("by", ""), "name": body.get("name", "")}
    return _("%(by)s handed it over to %(name)s") % names


def _follow_up_set(body: Mapping[str, Any]) -> str:
    words = {"name": body.get("name", ""), "for": body.get("for", ""), "day": _day(body)}
    return _("%(name)s agreed on a follow-up by %(day)s: %(for)s") % words


def _follow_up_done(body: Mapping[str, Any]) -> str:
    outcome = _label(AttemptOutcome, body.get("outcome"))
    said = _("%(name)s did the follow-up") % {"name": body.get("name", "")}
    return f"{said}: {outcome}" if outcome else said


def _day(body: Mapping[str, Any]) -> str:
    try:
        return date_format(dt.date.fromisoformat(str(body.get("due", ""))), "DATE_FORMAT")
    except ValueError:
        return ""


_TOGETHER: dict[str, Callable[[Mapping[str, Any]], str]] = {
    EventKind.INVITED: _invited,
    EventKind.INVITATION_OVER: _invitation_over,
    EventKind.JOINED: _joined,
    EventKind.LEFT: _left,
    EventKind.HANDED_OVER: _handed_over,
    EventKind.FOLLOW_UP_SET: _follow_up_set,
    EventKind.FOLLOW_UP_DONE: _follow_up_done,
}


def _label(choices: type[TextChoices], value: object) -> str:
    return str(choices(value).label) if value in choices.values else ""
