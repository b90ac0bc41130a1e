"""The wallboard: a page, and its parts alone for the page that is open already."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from careline.accounts.permissions import may_supervise
from careline.core import clock
from careline.core.access import staff
from careline.desk.hours_page import opening_context
from careline.desk.shell import shell_context
from careline.desk.wallboard import wallboard as wallboard_of


@staff(may_supervise)
@require_safe
@never_cache
def wallboard(request: HttpRequest) -> HttpResponse:
    """The whole screen."""
    return render(request, "desk/wallboard.html", shell_context(request, **_context()))


@staff(may_supervise)
@require_safe
@never_cache
def parts(request: HttpRequest) -> HttpResponse:
    """What changes, for the script."""
    return render(request, "desk/wallboard_parts.html", shell_context(request, **_context()))


def _context() -> dict[str, Any]:
    return {"board": wallboard_of(clock.now()), **opening_context()}
