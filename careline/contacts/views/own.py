"""What a visitor can do with their own contact: take it along, come back to it, delete it.

All of it works without JavaScript and for every channel. Whoever holds the contact's token
may use these pages; the code that they give stands for the token on another device.
"""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.contacts import (
    callbacks,
    earlier,
    present,
    surveys,
    tokens,
    transcript,
    visitor_actions,
)
from careline.contacts import log as contact_log
from careline.contacts.enums import Channel
from careline.contacts.errors import ContactMissing, ContactRefused
from careline.contacts.forms import CallTimeForm
from careline.contacts.models import Contact, ContactDetails
from careline.contacts.templatetags.contact_tags import phone_number
from careline.contacts.views.common import page_context, to
from careline.contacts.visitor_actions import MailRefused
from careline.contacts.visitor_forms import CodeForm, MailForm, SurveyForm
from careline.contacts.visitors import contact_of, contact_of_token
from careline.core import clock
from careline.core.access import public, visitor
from careline.core.addresses import public_base
from careline.core.errors import too_many_requests
from careline.core.ratelimit import Limit, allow_request


@never_cache
@require_safe
@visitor(limit=Limit.PAGE)
def show(request: HttpRequest) -> HttpResponse:
    """Show what there is to do with the contact that this browser holds."""
    contact = contact_of(request)
    if contact is None:
        return to(request, "own_enter")
    return render(request, "contacts/own.html", _context(contact))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.PAGE)
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and open the contact that it belongs to."""
    if request.method != "POST":
        return _enter_page(request, CodeForm())
    if not allow_request(Limit.CODE, request):
        return too_many_requests(request)
    form = CodeForm(request.POST)
    contact = visitor_actions.resume(**form.cleaned_data) if form.is_valid() else None
    if contact is None:
        if not form.errors:
            form.opens_nothing()
        return _enter_page(request, form, status=422)
    going_on = contact.is_chat and not contact.has_ended
    response = to(request, "chat_now" if going_on else "own")
    tokens.give(response, contact.pk, framed=tokens.is_framed(request))
    return response


def _enter_page(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    context = page_context(request, form)
    return render(request, "contacts/own_enter.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@visitor(limit=Limit.CODE)
def code(request: HttpRequest) -> HttpResponse:
    """Make a code and show it once; the page after a request brings its contact in the form."""
    contact = contact_of_token(request.POST.get("for", "")) or contact_of(request)
    if contact is None or request.method != "POST":
        return to(request, "own")
    try:
        made = visitor_actions.give_code(contact_id=contact.pk)
    except ContactMissing:
        return to(request, "own")
    held = contact_of(request) == contact
    context = {**_context(contact), "code": made, "held": held}
    return render(request, "contacts/own_code.html", context)


@never_cache
@require_safe
@visitor(limit=Limit.PAGE)
def printable(request: HttpRequest) -> HttpResponse:
    """Show the conversation on a page for printing."""
    contact = contact_of(request)
    if contact is None:
        return to(request, "own")
    context = {**_context(contact), "messages_shown": _shown(contact)}
    return render(request, "contacts/own_transcript.html", context)


@never_cache
@require_safe
@visitor(limit=Limit.PAGE)
def download(request: HttpRequest) -> HttpResponse:
    """Give the conversation as a file of plain text."""
    contact = contact_of(request)
    if contact is None:
        return to(request, "own")
    text = transcript.as_text(_shown(contact), public_base(request))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{clock.today().isoformat()}.txt"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@visitor(limit=Limit.SEND)
def delete(request: HttpRequest) -> HttpResponse:
    """Ask once more, then delete everything; this browser forgets the contact too."""
    contact = contact_of(request)
    if contact is None:
        return to(request, "own")
    if request.method != "POST":
        return render(request, "contacts/own_delete.html", _context(contact))
    with suppress(ContactMissing):  # Deleted in another window a moment ago: the same end.
        visitor_actions.delete(contact_id=contact.pk)
    response = render(request, "contacts/own_deleted.html")
    tokens.take_back(response, framed=tokens.is_framed(request))
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@visitor(limit=Limit.SEND)
def call(request: HttpRequest) -> HttpResponse:
    """Change when and where the promised call comes."""
    contact = _with_call(request)
    if contact is None:
        return to(request, "own")
    form = CallTimeForm(request.POST) if request.method == "POST" else _call_form(contact)
    if not form.is_bound or not form.is_valid():
        context = {**_context(contact), "form": form}
        return render(
            request, "contacts/own_call.html", context, status=422 if form.errors else 200
        )
    with suppress(ContactRefused):  # It ended meanwhile: the page says so.
        visitor_actions.change_call(contact_id=contact.pk, details=form.details(), **form.more())
    return to(request, "own")


def _call_form(contact: Contact) -> CallTimeForm:
    details = contact.details
    safe = "yes" if details.voicemail_ok else "no"
    return CallTimeForm(initial={"phone": phone_number(details.phone), "voicemail_ok": safe})


@never_cache
@require_POST
@visitor(limit=Limit.SEND)
def cancel_call(request: HttpRequest) -> HttpResponse:
    """Want no call any more."""
    contact = _with_call(request)
    if contact is not None:
        with suppress(ContactMissing):
            visitor_actions.cancel_call(contact_id=contact.pk)
    return to(request, "own")


def _with_call(request: HttpRequest) -> Contact | None:
    """Return this browser's contact if it is a call that can still be changed."""
    contact = contact_of(request)
    if contact is None or contact.channel != Channel.CALLBACK:
        return None
    kept = ContactDetails.objects.filter(contact=contact).exists()
    return contact if kept and callbacks.state_of(contact).can_change else None


@never_cache
@require_POST
@visitor(limit=Limit.SEND)
def survey(request: HttpRequest) -> HttpResponse:
    """Take the visitor's opinion, or that they would rather not say."""
    contact = contact_of(request)
    form = SurveyForm(request.POST)
    skipped = "skip" in request.POST
    if contact is None or not surveys.is_wanted(contact):
        return to(request, "own")
    if not skipped and not form.is_valid():
        context = {**_context(contact), "survey": form}
        return render(request, "contacts/own.html", context, status=422)
    opinion = None if skipped else form.opinion()
    visitor_actions.answer_survey(contact_id=contact.pk, opinion=opinion)
    context = {**_context(contact), "survey": None, "thanks": not skipped}
    return render(request, "contacts/own.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@visitor(limit=Limit.PAGE)
def show_earlier(request: HttpRequest) -> HttpResponse:
    """Let the specialist read an earlier contact, by its code."""
    contact = contact_of(request)
    if contact is None or contact.has_ended:
        return to(request, "own")
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if form.is_bound and not allow_request(Limit.CODE, request):
        return too_many_requests(request)
    if form.is_bound and form.is_valid():
        with suppress(ContactRefused):  # It ended meanwhile: the page says so.
            if not earlier.link_earlier(contact_id=contact.pk, **form.cleaned_data):
                form.opens_nothing()
        if not form.errors:
            context = {**_context(contact), "linked": True}
            return render(request, "contacts/own_earlier.html", context)
    context, status = {**_context(contact), "form": form}, 422 if form.errors else 200
    return render(request, "contacts/own_earlier.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@visitor(limit=Limit.SEND)
def mail(request: HttpRequest) -> HttpResponse:
    """Ask for an address and send the conversation there, once."""
    contact = contact_of(request)
    if contact is None:
        return to(request, "own")
    form = MailForm(request.POST) if request.method == "POST" else MailForm()
    if form.is_bound and not allow_request(Limit.SIGN_UP, request):
        return too_many_requests(request)
    if form.is_bound and form.is_valid() and _was_sent(request, contact, form):
        return render(request, "contacts/own_mailed.html", _context(contact))
    context, status = {**_context(contact), "form": form}, 422 if form.errors else 200
    return render(request, "contacts/own_mail.html", context, status=status)


def _was_sent(request: HttpRequest, contact: Contact, form: MailForm) -> bool:
    text = transcript.as_text(_shown(contact), public_base(request))
    address = form.cleaned_data["email"]
    try:
        visitor_actions.mail_transcript(contact_id=contact.pk, address=address, text=text)
    except MailRefused as refused:
        form.was_refused(refused.why)
        return False
    return True


def _shown(contact: Contact) -> list[dict[str, Any]]:
    shown = [present.for_visitor(event) for event in contact_log.after(contact.pk)]
    return [event for event in shown if event]


def _context(contact: Contact) -> dict[str, Any]:
    return {
        "contact": contact,
        "call": callbacks.state_of(contact) if contact.channel == Channel.CALLBACK else None,
        "days": settings.RETENTION_DAYS_TRANSCRIPT,
        "survey": SurveyForm() if surveys.is_wanted(contact) else None,
        "service_zone_label": settings.SERVICE_TIME_ZONE_LABEL,
    }
