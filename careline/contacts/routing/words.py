"""Why an offer was made and what happens next, in words for the desk."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careline.contacts.enums import EventKind, Passed, ReleaseReason
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


def told(kind: str, body: Mapping[str, Any]) -> str:
    """Return what the desk's log says of a routing event; empty for any other."""
    name = body.get("name", "")
    if kind == EventKind.OFFERED:
        because = reasons(body.get("because", ()))
        return _("Offered to %(name)s: %(because)s") % {"name": name, "because": because}
    if kind == EventKind.DECLINED:
        return _("%(name)s passed it on") % {"name": name}
    if kind == EventKind.OFFER_LAPSED:
        return str(format_lazy("{}: {}", _("Offer over"), _label(Passed, body.get("why"))))
    if kind == EventKind.ASSIGNED:
        return _("%(by)s gave it to %(name)s") % {"by": body.get("by", ""), "name": name}
    if kind == EventKind.RELEASED:
        why = _label(ReleaseReason, body.get("why"))
        return _("Back in the queue, from %(name)s: %(why)s") % {"name": name, "why": why}
    if kind == EventKind.IDLE_WARNED:
        return _("The visitor was asked whether they are still there")
    return ""


def _label(choices: type[Passed] | type[ReleaseReason], value: object) -> str:
    return str(choices(value).label) if value in choices.values else ""
