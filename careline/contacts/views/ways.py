"""The ways to reach a person, and the two that need nobody at the desk."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from careline.contacts import actions, callbacks, danger, hours, tokens
from careline.contacts.forms import CallbackForm, MessageForm
from careline.contacts.models import Contact
from careline.contacts.views.common import blank, is_carried, language_of, may_open, page_context
from careline.core import clock
from careline.core.access import public
from careline.core.errors import too_many_requests
from careline.core.ratelimit import Limit


@never_cache
@require_safe
@public(limit=Limit.PAGE)
def talk(request: HttpRequest) -> HttpResponse:
    """Show every way to reach a person and what is open now."""
    return render(request, "contacts/talk.html", page_context(request, None))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.PAGE)
def callback(request: HttpRequest) -> HttpResponse:
    """Ask when and where to call, and store it."""
    return _request(request, CallbackForm, "contacts/callback.html", actions.request_callback)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.PAGE)
def message(request: HttpRequest) -> HttpResponse:
    """Take a message, and store it."""
    return _request(request, MessageForm, "contacts/message.html", actions.leave_message)


def _request(
    request: HttpRequest,
    form_class: type[CallbackForm | MessageForm],
    template: str,
    store: Callable[..., Contact],
) -> HttpResponse:
    if request.method != "POST" or is_carried(request):
        return render(request, template, page_context(request, blank(form_class, request)))
    if not may_open(request):
        return too_many_requests(request)
    form = form_class(request.POST)
    if not form.is_valid():
        return render(request, template, page_context(request, form), status=422)
    contact = store(
        language=language_of(request),
        topic=form.cleaned_data["topic"],
        text=form.cleaned_data["text"],
        start_id=form.cleaned_data["start_id"],
        details=form.details(),
        **form.more(),
    )
    return _thanks(request, contact)


def _thanks(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Say what happens next. Not a page of its own: its address would tell what was sent.

    Sending the form again by a reload stores nothing new.
    """
    planned = hours.scheduled(clock.now())
    context = {
        "contact": contact,
        "call": callbacks.state_of(contact),
        "token": tokens.token_of(contact.pk),
        "card": danger.card_for_level(contact.flag_level, language_of(request)),
        "open_now": planned.chat_open,
        "opens_at": planned.opens_at,
    }
    return render(request, "contacts/thanks.html", context)
