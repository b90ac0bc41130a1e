"""Working together on a contact: transfer, joining, words among staff, follow-ups, the find."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts
from careline.answers.citing import page_links
from careline.contacts import actions, followups, notes, teamwork
from careline.contacts.enums import EventKind
from careline.contacts.errors import ContactRefused, NotAllowed
from careline.contacts.followups_models import FollowUp
from careline.contacts.models import Contact
from careline.core.access import staff
from careline.core.ratelimit import Limit
from careline.desk.contact_views import contact_page, wants_data
from careline.desk.find import find
from careline.desk.offers import offer_number
from careline.desk.permissions import Sight, contact_for
from careline.desk.refusals import in_words
from careline.desk.shell import staff_of
from careline.desk.team_forms import (
    AmongForm,
    DoneForm,
    FollowUpForm,
    SentPageForm,
    TransferForm,
)


@staff(may_serve_contacts, limit=Limit.SEND)
@require_POST
def transfer(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Let somebody else go on: at once, or after they have joined."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.TRANSCRIPT)
    form = TransferForm(request.POST, contact=contact)
    if not form.is_valid():
        return contact_page(request, contact, status=422, transfer=form)
    to = form.chosen()
    chosen = {"to": to, "reason": form.why(), "said": form.cleaned_data["said"]}
    first_join = request.POST.get("how") == "warm"
    if first_join and not isinstance(to, Staff):
        form.add_error("to", _("Choose a person: only somebody can join, not a queue."))
        return contact_page(request, contact, status=422, transfer=form)
    action: Callable[..., Contact] = teamwork.invite if first_join else teamwork.transfer
    try:
        action(acting_user=me, contact_id=contact.pk, **chosen)
    except ContactRefused as refused:
        form.add_error(None, in_words(refused))
        return contact_page(request, contact, status=409, transfer=form)
    if first_join:
        return redirect("desk:contact", contact.pk)
    messages.success(request, _("Transferred. The contact keeps its place."))
    return redirect("desk:home")


_STEPS: dict[str, Callable[..., Contact | Any]] = {
    "join": teamwork.join,
    "leave": teamwork.leave,
    "hand_over": teamwork.hand_over,
    "go_on_alone": teamwork.go_on_alone,
    "take_back": teamwork.take_back_invitation,
    "take_over": teamwork.take_over,
}
_GOES_HOME = frozenset({"leave", "hand_over"})


@staff(may_serve_contacts)
@require_POST
def step(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Join, leave, hand over, take over, or go on alone."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.PREVIEW)
    wanted = request.POST.get("do", "")
    if wanted not in _STEPS:
        return redirect("desk:contact", contact.pk)
    try:
        _STEPS[wanted](acting_user=me, contact_id=contact.pk)
    except ContactRefused as refused:
        messages.error(request, in_words(refused))
        return redirect("desk:home")
    return redirect("desk:home") if wanted in _GOES_HOME else redirect("desk:contact", contact.pk)


@staff(may_serve_contacts)
@require_POST
def decline_invitation(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Say no to joining a colleague's contact."""
    invitation = offer_number(request.POST.get("offer", ""))
    try:
        teamwork.decline_invitation(
            acting_user=staff_of(request), contact_id=contact_id, invitation=invitation
        )
    except ContactRefused as refused:
        messages.info(request, in_words(refused))
    return redirect("desk:home")


_AMONG: dict[str, Callable[..., Any]] = {
    EventKind.NOTE: notes.add_note,
    EventKind.CONSULTED: teamwork.consult,
    EventKind.WHISPER: teamwork.whisper,
}


@staff(may_serve_contacts, limit=Limit.SEND)
@require_POST
def among(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Keep a note, ask a supervisor or whisper: words that only staff see."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.TRANSCRIPT)
    form = AmongForm(request.POST)
    if not form.is_valid():
        return _not_kept(request, contact, form, status=422)
    said = {name: form.cleaned_data[name] for name in ("text", "client_id")}
    try:
        _AMONG[form.cleaned_data["kind"]](acting_user=me, contact_id=contact.pk, **said)
    except ContactRefused as refused:
        form.add_error("text", in_words(refused))
        return _not_kept(request, contact, form, status=409)
    if wants_data(request):
        return JsonResponse({"stored": True})
    return redirect("desk:contact", contact.pk)


def _not_kept(
    request: HttpRequest, contact: Contact, form: AmongForm, *, status: int
) -> HttpResponse:
    if wants_data(request):
        reasons = [str(reason) for errors in form.errors.values() for reason in errors]
        return JsonResponse({"stored": False, "reasons": reasons}, status=status)
    return contact_page(request, contact, status=status, among=form)


@staff(may_serve_contacts)
@require_POST
def skip_record(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Leave an ended contact without a record and go on."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.TRANSCRIPT)
    try:
        actions.skip_record(acting_user=me, contact_id=contact.pk)
    except ContactRefused as refused:
        messages.error(request, in_words(refused))
    return redirect("desk:home")


@staff(may_serve_contacts, limit=Limit.SEND)
@require_POST
def follow_up(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Agree that somebody gets in touch again."""
    me = staff_of(request)
    contact = contact_for(me, contact_id, at_least=Sight.TRANSCRIPT)
    form = FollowUpForm(request.POST, contact=contact, me=me)
    if not form.is_valid():
        return contact_page(request, contact, status=422, follow_up=form)
    try:
        followups.set_follow_up(acting_user=me, contact_id=contact.pk, **form.cleaned_data)
    except ContactRefused as refused:
        form.add_error(None, in_words(refused))
        return contact_page(request, contact, status=409, follow_up=form)
    messages.success(request, _("The follow-up is noted; it shows at the desk when it is due."))
    return redirect("desk:contact", contact.pk)


@staff(may_serve_contacts)
@require_POST
def follow_up_done(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tick a follow-up off."""
    promise = get_object_or_404(FollowUp, pk=pk)
    form = DoneForm(request.POST)
    try:
        followups.complete(acting_user=staff_of(request), follow_up=promise, outcome=form.chosen())
    except NotAllowed:
        raise PermissionDenied from None
    except ContactRefused as refused:
        messages.error(request, in_words(refused))
    return redirect("desk:home")


@staff(may_serve_contacts, limit=Limit.SEND)
@require_POST
def send_page(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Send the visitor the title and the address of a reviewed page."""
    contact = contact_for(staff_of(request), contact_id, at_least=Sight.TRANSCRIPT)
    links = page_links([request.POST.get("page", "")], contact.language)
    form = SentPageForm(request.POST)
    if not links or not form.is_valid():
        messages.error(request, _("This page isn't published any more, so it wasn't sent."))
        return contact_page(request, contact, status=422)
    words = f"{links[0].title}\n{request.build_absolute_uri(links[0].url)}"
    given = {"contact_id": contact.pk, "text": words, **form.cleaned_data}
    try:
        actions.send_specialist_message(acting_user=staff_of(request), **given)
    except ContactRefused as refused:
        if wants_data(request):
            return JsonResponse({"stored": False, "reasons": [in_words(refused)]}, status=409)
        messages.error(request, in_words(refused))
    if wants_data(request):
        return JsonResponse({"stored": True})
    return redirect("desk:contact", contact.pk)


@staff(may_serve_contacts)
@require_POST
@never_cache
def search(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponse:
    """Find reviewed sentences and articles; by post, so that no address holds the words."""
    contact = contact_for(staff_of(request), contact_id, at_least=Sight.TRANSCRIPT)
    found = find(request.POST.get("find", ""), contact.language)
    if request.headers.get("X-Piece") == "found":
        return render(request, "desk/_found.html", {"contact": contact, "found": found})
    return contact_page(request, contact, found=found)
