"""What every page of the desk shows around its own matter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from careline.accounts.models import Staff
from careline.accounts.permissions import may_supervise
from careline.core import clock
from careline.desk.keys import SHEET
from careline.desk.offers import standing_of
from careline.desk.queue import desk_lists


def staff_of(request: HttpRequest) -> Staff:
    """Return who is signed in; the access rule of the view has made sure that somebody is."""
    user = request.user
    if not isinstance(user, Staff):
        raise TypeError("A desk view was reached without its access rule.")
    return user


def shell_context(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """Return the presence and the keys, with what a view adds."""
    me = staff_of(request)
    return {
        "standing": standing_of(me, clock.now()),
        "supervises": may_supervise(me),
        "shortcuts": me.keyboard_shortcuts,
        "notice_sound": me.notice_sound,
        "notice_desktop": me.notice_desktop,
        "key_sheet": SHEET,
        "service_zone": settings.SERVICE_TIME_ZONE,
        "service_zone_label": settings.SERVICE_TIME_ZONE_LABEL,
        **more,
    }


def desk_context(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """Return the same with the left column."""
    return shell_context(request, lists=desk_lists(staff_of(request)), **more)
