"""The desk without an open contact: queue, presence, keys."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.actions import set_keyboard_shortcuts, set_notices
from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts
from careline.contacts import presence as contact_presence
from careline.contacts.models import StaffPresence
from careline.core import clock
from careline.core.access import staff
from careline.desk.queue import desk_lists
from careline.desk.shell import desk_context, shell_context, staff_of

# The heartbeat is a write; the queue is read every few seconds.
BEAT_EVERY = dt.timedelta(seconds=30)


@staff(may_serve_contacts)
@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The queue, and what the other columns will hold."""
    note_at_desk(staff_of(request))
    return render(request, "desk/home.html", desk_context(request))


@staff(may_serve_contacts)
@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """The left column alone, for the page that is open already."""
    me = staff_of(request)
    note_at_desk(me)
    return render(
        request,
        "desk/_queue.html",
        {"lists": desk_lists(me), "open_contact_id": request.GET.get("open", "")},
    )


def note_at_desk(me: Staff) -> None:
    """Keep this person's presence fresh while one of their desk's pages is open."""
    now = clock.now()
    recently = (now - BEAT_EVERY, now + BEAT_EVERY)
    if not StaffPresence.objects.filter(staff=me, seen_at__range=recently).exists():
        contact_presence.beat(acting_user=me)


@staff(may_serve_contacts)
@never_cache
def keys(request: HttpRequest) -> HttpResponseBase:
    """The list of keys, and the switch that turns single keys off."""
    if request.method == "POST":
        enabled = request.POST.get("shortcuts") == "on"
        set_keyboard_shortcuts(enabled=enabled, acting_user=staff_of(request))
        return redirect("desk:keys")
    return render(request, "desk/keys.html", shell_context(request))


@staff(may_serve_contacts)
@require_POST
def notices(request: HttpRequest) -> HttpResponseBase:
    """Say whether a sound and the computer's own notices tell of what is new."""
    set_notices(
        sound="sound" in request.POST,
        desktop="desktop" in request.POST,
        acting_user=staff_of(request),
    )
    return redirect("desk:keys")
