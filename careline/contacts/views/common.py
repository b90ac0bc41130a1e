"""What the three ways to reach a person share."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from careline.contacts import danger, hours
from careline.contacts.forms import VisitorForm, new_start_id
from careline.contacts.visitors import contact_of
from careline.core.ratelimit import Limit, allow_request

# What a page hands to another form, so that nothing has to be typed twice.
CARRIED = ("text", "name", "topic")


def language_of(request: HttpRequest) -> str:
    """Return the language of the page."""
    return get_language() or str(getattr(request, "LANGUAGE_CODE", "en"))


def to(request: HttpRequest, name: str, fragment: str = "") -> HttpResponseRedirect:
    """Lead to one of the visitor's pages: in a frame on another site to the one made for it."""
    match = request.resolver_match
    namespace = match.namespace if match else None
    return HttpResponseRedirect(reverse(f"contacts:{name}", current_app=namespace) + fragment)


def is_carried(request: HttpRequest) -> bool:
    """Return whether this post only brings along what was typed on another page."""
    return request.method == "POST" and "carry" in request.POST


def may_open(request: HttpRequest) -> bool:
    """Count one attempt to open a contact from this place, and say whether it may go on."""
    return allow_request(Limit.OPEN_CONTACT, request)


def blank(form_class: type[VisitorForm], request: HttpRequest) -> Any:
    """Return an unsent form, filled with what was typed on another page."""
    carried = {name: request.POST.get(name, "") for name in CARRIED} if request.POST else {}
    return form_class(initial={"start_id": new_start_id(), **carried})


def page_context(request: HttpRequest, form: Any, **more: Any) -> dict[str, Any]:
    """Return what each form's page shows: the card for what was typed comes first."""
    typed = request.POST.get("text", "")
    own = contact_of(request)
    return {
        "form": form,
        "card": danger.card_for_text(typed, language_of(request)) if typed else None,
        "carried": [(name, request.POST.get(name, "")) for name in CARRIED if request.POST],
        "own_chat": own if own and own.is_chat and not own.has_ended else None,
        "opening": hours.status(),
        "service_zone_label": settings.SERVICE_TIME_ZONE_LABEL,
        **more,
    }
