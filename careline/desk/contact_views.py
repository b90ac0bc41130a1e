"""One open contact: reading, accepting, talking, noting, wrapping up."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.permissions import may_serve_contacts
from careline.contacts import actions
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind
from careline.contacts.errors import ContactRefused, ContactTaken
from careline.contacts.models import Contact, ContactEvent
from careline.core.access import staff
from careline.core.ratelimit import Limit
from careline.desk.forms import AttemptForm, EndForm, RecordForm, SentenceForm, WordsForm
from careline.desk.page import aside_context, conversation_context, preview_context
from careline.desk.permissions import Sight, contact_for, sight_of
from careline.desk.reading import lines_of, read_on
from careline.desk.refusals import in_words
from careline.desk.shell import desk_context, shell_context, staff_of
from careline.desk.views import note_at_desk


def wants_data(request: HttpRequest) -> bool:
    """Return whether a script asks: it gets data instead of a page."""
    return request.headers.get("Accept") == "application/json"


@staff(may_serve_contacts)
@require_safe
@never_cache
def show(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponse:
    """The contact: all of it for whose it is and for supervisors, a preview while it waits."""
    contact = contact_for(staff_of(request), contact_id, at_least=Sight.PREVIEW)
    note_at_desk(staff_of(request))
    return contact_page(request, contact)


def contact_page(
    request: HttpRequest, contact: Contact, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Return the contact as this person may see it, with forms that are being corrected."""
    me = staff_of(request)
    if sight_of(me, contact) is Sight.PREVIEW:
        context = desk_context(request, **preview_context(contact, me))
        return render(request, "desk/preview.html", context, status=status)
    context = desk_context(request, **conversation_context(contact, me, **forms))
    return render(request, "desk/contact.html", context, status=status)


@staff(may_serve_contacts)
@require_POST
def accept(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Take a waiting contact. Of several who press at once, one has it."""
    me = staff_of(request)
    try:
        actions.accept(acting_user=me, contact_id=contact_id)
    except ContactTaken as refused:
        if refused.assignee_id != me.pk:
            messages.info(request, in_words(refused))
            return redirect("desk:home")
    except ContactRefused as refused:
        messages.info(request, in_words(refused))
        return redirect("desk:home")
    return redirect("desk:contact", contact_id)


@staff(may_serve_contacts)
@require_safe
@never_cache
def log_since(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponse:
    """What was added to the conversation after a number: for the page that is open already."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.TRANSCRIPT)
    after = contact_log.number_in(request.GET.get("after", ""))
    events = read_on(contact, after, acting_user=me)
    context = {"contact": contact, "lines": lines_of(events), **shell_context(request)}
    response = render(request, "desk/_lines.html", context)
    response["X-Last-Seq"] = str(events[-1].seq if events else after)
    response["X-Contact-Status"] = contact.status
    return response


@staff(may_serve_contacts)
@require_safe
@never_cache
def context(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponse:
    """Flags and fitting sentences as they are now: for the page that is open already."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.TRANSCRIPT)
    shown = {**shell_context(request), "contact": contact, **aside_context(contact, me)}
    return render(request, "desk/_aside.html", shown)


@staff(may_serve_contacts, limit=Limit.SEND)
@require_POST
def send(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Write to the visitor. What was typed is kept when it can't be sent."""
    return _say(request, contact_id, WordsForm(request.POST), actions.send_specialist_message)


@staff(may_serve_contacts, limit=Limit.SEND)
@require_POST
def send_sentence(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Send a reviewed sentence with its citation."""
    form = SentenceForm(request.POST)
    return _say(request, contact_id, form, actions.send_approved_sentence)


def _say(
    request: HttpRequest,
    contact_id: uuid.UUID,
    form: WordsForm | SentenceForm,
    action: Callable[..., ContactEvent],
) -> HttpResponseBase:
    contact = contact_for(staff_of(request), contact_id, at_least=Sight.TRANSCRIPT)
    if not form.is_valid():
        return _not_sent(request, contact, form, status=422)
    try:
        action(acting_user=staff_of(request), contact_id=contact.pk, **form.cleaned_data)
    except ContactRefused as refused:
        form.add_error("text" if "text" in form.fields else None, in_words(refused))
        return _not_sent(request, contact, form, status=409)
    if wants_data(request):
        return JsonResponse({"stored": True})
    return redirect("desk:contact", contact.pk)


def _not_sent(
    request: HttpRequest, contact: Contact, form: WordsForm | SentenceForm, *, status: int
) -> HttpResponse:
    reasons = [str(reason) for errors in form.errors.values() for reason in errors]
    if wants_data(request):
        return JsonResponse({"stored": False, "reasons": reasons}, status=status)
    if isinstance(form, WordsForm):
        return contact_page(request, contact, status=status, words=form)
    for reason in reasons:
        messages.error(request, reason)
    return contact_page(request, contact, status=status)


@staff(may_serve_contacts, limit=Limit.SEND)
@require_POST
def attempt(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Note what came of a call."""
    contact = contact_for(staff_of(request), contact_id, at_least=Sight.TRANSCRIPT)
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return contact_page(request, contact, status=422, attempt=form)
    try:
        actions.log_attempt(
            acting_user=staff_of(request), contact_id=contact.pk, **form.cleaned_data
        )
    except ContactRefused as refused:
        messages.error(request, in_words(refused))
    return redirect("desk:contact", contact.pk)


@staff(may_serve_contacts)
@require_POST
def record(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Keep the wrap-up, and close the contact where that button was pressed."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.TRANSCRIPT)
    form = RecordForm(request.POST)
    if not form.is_valid():
        return contact_page(request, contact, status=422, record=form)
    try:
        actions.wrap_up(acting_user=me, contact_id=contact.pk, record=form.record())
        if request.POST.get("then") == "close":
            actions.end(acting_user=me, contact_id=contact.pk, by=AuthorKind.SPECIALIST)
    except ContactRefused as refused:
        messages.error(request, in_words(refused))
        return redirect("desk:contact", contact.pk)
    messages.success(request, _("The record is kept."))
    contact.refresh_from_db()
    return redirect("desk:home") if contact.has_ended else redirect("desk:contact", contact.pk)


@staff(may_serve_contacts)
@require_POST
def end(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """End the contact; the wrap-up comes next."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.TRANSCRIPT)
    reason = EndForm(request.POST, channel=contact.channel).chosen()
    try:
        actions.end(acting_user=me, contact_id=contact.pk, by=AuthorKind.SPECIALIST, reason=reason)
    except ContactRefused as refused:
        messages.error(request, in_words(refused))
    return redirect("desk:contact", contact.pk)
