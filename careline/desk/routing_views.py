"""Answering offers, giving contacts to others, and saying what one does."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts, may_supervise
from careline.contacts import presence as contact_presence
from careline.contacts.enums import DeskState
from careline.contacts.errors import ContactRefused
from careline.contacts.presence import ShiftEnd
from careline.contacts.routing import actions
from careline.core import clock
from careline.core.access import staff
from careline.desk.offers import end_of_shift, offer_number, person_chosen
from careline.desk.people import MOST_AT_ONCE, at_once_from, people_at_desk
from careline.desk.permissions import Sight, contact_for
from careline.desk.refusals import in_words
from careline.desk.shell import shell_context, staff_of


@staff(may_serve_contacts)
@require_POST
def presence(request: HttpRequest) -> HttpResponseBase:
    """Say what one does from now on."""
    wanted = request.POST.get("state") or ""
    if wanted not in DeskState.values:
        taking = request.POST.get("accepting") == "yes"
        wanted = DeskState.AVAILABLE if taking else DeskState.BREAK
    until = request.POST.get("until")
    contact_presence.set_state(
        acting_user=staff_of(request),
        state=DeskState(wanted),
        leaves_at=ShiftEnd.AS_BEFORE if until is None else end_of_shift(until, clock.now()),
    )
    return redirect("desk:home")


@staff(may_supervise)
@require_safe
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Who is at the desk and what they do."""
    context = shell_context(request, people=people_at_desk(clock.now()), most=MOST_AT_ONCE)
    return render(request, "desk/people.html", context)


@staff(may_supervise)
@require_POST
def capacity(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """Say how many chats somebody has at once."""
    person = get_object_or_404(Staff, pk=staff_id, is_active=True)
    at_once = at_once_from(request.POST.get("at_once", ""))
    if at_once is None:
        messages.error(request, _("Choose a number from 1 to %(most)s.") % {"most": MOST_AT_ONCE})
    else:
        contact_presence.set_capacity(acting_user=staff_of(request), staff=person, capacity=at_once)
    return redirect("desk:people")


@staff(may_serve_contacts)
@require_POST
def decline(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Pass on an offer; the next person is asked."""
    offer = offer_number(request.POST.get("offer", ""))
    try:
        actions.decline(acting_user=staff_of(request), contact_id=contact_id, offer=offer)
    except ContactRefused as refused:
        messages.info(request, in_words(refused))
    return redirect("desk:home")


@staff(may_supervise)
@require_POST
def assign(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Give a contact to somebody whose desk is open."""
    contact = contact_for(staff_of(request), contact_id, at_least=Sight.PREVIEW)
    to = person_chosen(request.POST.get("to", ""), contact_id, clock.now())
    if to is None:
        messages.error(request, _("Choose somebody who is at the desk."))
        return redirect("desk:contact", contact.pk)
    try:
        actions.assign(acting_user=staff_of(request), contact_id=contact.pk, to=to)
        messages.success(request, _("%(name)s has the contact now.") % {"name": to.shown_name})
    except ContactRefused as refused:
        messages.error(request, in_words(refused))
    return redirect("desk:contact", contact.pk)


@staff(may_serve_contacts)
@require_POST
def hand_back(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponseBase:
    """Give one's own contact back to the queue."""
    contact = contact_for(staff_of(request), contact_id, at_least=Sight.TRANSCRIPT)
    try:
        actions.hand_back(acting_user=staff_of(request), contact_id=contact.pk)
    except ContactRefused as refused:
        messages.error(request, in_words(refused))
        return redirect("desk:contact", contact.pk)
    messages.success(request, _("The contact is back in the queue and keeps its place."))
    return redirect("desk:home")
