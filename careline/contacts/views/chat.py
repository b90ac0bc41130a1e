"""The live chat's pages: before, during and after. With JavaScript they come alive."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.contacts import (
    actions,
    attachments,
    danger,
    hours,
    present,
    surveys,
    tokens,
    waiting,
)
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind, EndReason, EventKind
from careline.contacts.errors import ContactRefused
from careline.contacts.forms import ChatForm, SendForm
from careline.contacts.models import Contact, ContactDetails
from careline.contacts.views.common import (
    blank,
    is_carried,
    language_of,
    may_open,
    page_context,
    to,
)
from careline.contacts.visitor_forms import AttachForm, SurveyForm
from careline.contacts.visitors import contact_of
from careline.core.access import public, visitor
from careline.core.errors import too_many_requests
from careline.core.ratelimit import Limit

REFRESH_SECONDS = 15


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.PAGE)
def start(request: HttpRequest) -> HttpResponse:
    """Ask the little that helps to begin, and open the chat if it is open now."""
    if request.method != "POST" or is_carried(request):
        return _start_page(request, blank(ChatForm, request))
    if not may_open(request):
        return too_many_requests(request)
    form = ChatForm(request.POST)
    # Looked at again: chat may have closed while the person was writing.
    if not form.is_valid() or not hours.status().chat_open:
        return _start_page(request, form, status=422 if form.errors else 200)
    contact = actions.open_chat(
        language=language_of(request),
        topic=form.cleaned_data["topic"],
        name=form.cleaned_data["name"],
        text=form.cleaned_data["text"],
        start_id=form.cleaned_data["start_id"],
        shared=form.what_is_shared(),
    )
    response = to_chat(request)
    tokens.give(response, contact.pk, framed=tokens.is_framed(request))
    return response


def _start_page(request: HttpRequest, form: ChatForm, status: int = 200) -> HttpResponse:
    context = page_context(request, form, closed_meanwhile=form.is_bound and not form.errors)
    context["help_button"] = "phone"  # The page itself is the chat's.
    template = "chat_start" if context["opening"].chat_open else "chat_closed"
    return render(request, f"contacts/{template}.html", context, status=status)


@never_cache
@require_safe
@visitor(limit=Limit.PAGE)
def now(request: HttpRequest) -> HttpResponse:
    """Show the visitor's own conversation."""
    contact = contact_of(request)
    if contact is None:
        return no_conversation(request)
    if not contact.is_chat:
        return to(request, "own")
    return _chat_page(request, contact, SendForm(initial={"client_id": uuid.uuid4().hex}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@visitor(limit=Limit.SEND)
def send(request: HttpRequest) -> HttpResponse:
    """Store a message that came by a plain form; the same form twice stores it once."""
    contact = contact_of(request)
    if contact is None:
        return no_conversation(request)
    if request.method != "POST":
        return to_chat(request)
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            actions.send_visitor_message(contact_id=contact.pk, **form.cleaned_data)
            return to_chat(request)
        except ContactRefused:
            contact.refresh_from_db()  # It ended meanwhile; the page says so and keeps the words.
    return _chat_page(request, contact, form, status=422)


@never_cache
@require_safe
@visitor(limit=Limit.PAGE)
def top(request: HttpRequest) -> HttpResponse:
    """Return the part above the messages, for the script: card, who is there, place in line."""
    contact = contact_of(request)
    if contact is None:
        return HttpResponse(status=204)
    return render(request, "contacts/chat_top.html", _chat_context(request, contact))


@never_cache
@require_POST
@visitor(limit=Limit.SEND)
def dismiss_card(request: HttpRequest) -> HttpResponse:
    """Put the care card away."""
    contact = contact_of(request)
    if contact is not None and contact.card_level:
        actions.dismiss_card(contact_id=contact.pk)
    return to_chat(request)


@never_cache
@require_POST
@visitor(limit=Limit.SEND)
def end(request: HttpRequest) -> HttpResponse:
    """End the conversation."""
    contact = contact_of(request)
    if contact is not None:
        actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
    return to_chat(request)


@never_cache
@require_POST
@visitor(limit=Limit.SEND)
def forget(request: HttpRequest) -> HttpResponse:
    """Make this browser forget a conversation that has ended."""
    response = to(request, "talk")
    tokens.take_back(response, framed=tokens.is_framed(request))
    return response


def to_chat(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the conversation, where its latest message is."""
    return to(request, "chat_now", "#latest")


def no_conversation(request: HttpRequest) -> HttpResponse:
    """Say that this browser holds no conversation; what was typed can be used to start one."""
    context = page_context(request, blank(ChatForm, request))
    response = render(request, "contacts/chat_none.html", context)
    tokens.take_back(response, framed=tokens.is_framed(request))
    return response


def attach_refused(
    request: HttpRequest, contact: Contact, problem: str, status: int = 422
) -> HttpResponse:
    """Show the conversation, with what is wrong with the file that was to be sent."""
    form = SendForm(initial={"client_id": uuid.uuid4().hex})
    return _chat_page(request, contact, form, status=status, file_problem=problem)


def _chat_page(
    request: HttpRequest, contact: Contact, form: SendForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**_chat_context(request, contact), **more}
    if contact.end_reason == EndReason.UNSERVED:
        context["carried"] = _unserved_words(contact)
    if attachments.are_taken():
        context["attach"] = AttachForm(initial={"client_id": uuid.uuid4().hex})
        context["takes_pdf"] = attachments.takes_pdf()
        context["megabytes"] = settings.ATTACHMENT_MEGABYTES
    events = contact_log.after(contact.pk)
    shown = [present.for_visitor(event) for event in events]
    context.update(
        form=form,
        messages_shown=[event for event in shown if event],
        last_seq=events[-1].seq if events else 0,
        nobody=uuid.UUID(int=0),  # Stands for a file's key in the script's pattern of addresses.
        refresh=None if contact.has_ended or "write" in request.GET else REFRESH_SECONDS,
        typed=form.data.get("text", "") if form.is_bound else "",
    )
    return render(request, "contacts/chat.html", context, status=status)


def _unserved_words(contact: Contact) -> list[tuple[str, str]]:
    """Return what somebody wrote to whom nobody came, for another way to reach us."""
    said = [
        str(event.body["text"])
        for event in contact_log.after(contact.pk)
        if event.kind == EventKind.VISITOR_MESSAGE
    ]
    details = ContactDetails.objects.filter(contact=contact).first()
    name = details.name if details else ""
    return [("text", "\n".join(said)), ("name", name), ("topic", contact.topic)]


def _chat_context(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    assignee = contact.assignee
    return {
        "contact": contact,
        "card": danger.card_for_level(contact.card_level, language_of(request)),
        "specialist": assignee.shown_name if assignee else "",
        "place": waiting.place_of(contact),
        "opening": hours.status(),
        "survey": SurveyForm() if surveys.is_wanted(contact) else None,
        "help_button": "phone",  # The help bar would offer the chat that they are in.
        "service_zone_label": settings.SERVICE_TIME_ZONE_LABEL,
    }
