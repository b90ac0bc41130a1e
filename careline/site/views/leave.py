"""Leave at once."""

from contextlib import suppress
from http.cookies import CookieError

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from careline.contacts import visitors
from careline.core.access import public
from careline.core.ratelimit import Limit


@never_cache
@require_safe
@public(limit=Limit.PAGE)
def leave(request: HttpRequest) -> HttpResponse:
    """End the chat, forget what this browser holds of us, and lead to a neutral page.

    A link, so that it works without JavaScript. Only a person's own click changes
    anything: a picture or frame on another site that points here doesn't, nor does
    a browser that fetches ahead.
    """
    response = HttpResponseRedirect(settings.QUICK_EXIT_URL)
    response["Referrer-Policy"] = "no-referrer"
    if _is_a_visit(request):
        _end_chat(request)
        _forget(request, response)
    return response


def _is_a_visit(request: HttpRequest) -> bool:
    # Fetch Metadata; a browser too old to send it is believed.
    goes_there = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return request.method == "GET" and goes_there and "Sec-Purpose" not in request.headers


def _end_chat(request: HttpRequest) -> None:
    try:
        visitors.leave(request)
    except DatabaseError:
        # Leaving must work when nothing else does; the service closes an abandoned chat itself.
        return


def _forget(request: HttpRequest, response: HttpResponse) -> None:
    # "cache" is left out: clearing it takes some browsers seconds, and a page that shows
    # a conversation is never stored. Plain http ignores the header, so cookies go by name too.
    response["Clear-Site-Data"] = '"cookies", "storage"'
    for name in request.COOKIES:
        with suppress(CookieError):  # A name that no browser of ours was given.
            response.delete_cookie(name)
