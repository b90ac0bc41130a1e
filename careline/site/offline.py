"""Which pages a browser may keep for reading without a network.

Marked here, page by page, and never by what a page isn't: an unmarked answer is not
kept. So chats, forms, questions, searches, the desk and the editor stay out of it.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from careline.site.page_names import OWN_PAGES, REVIEWED_PAGE

HEADER = "Careline-Offline"
KEEP = "keep"
# Pages to read, the same for everybody, without a form that needs a token.
_TO_READ = frozenset(
    {
        *OWN_PAGES,
        REVIEWED_PAGE,
        "site:offline",
        "explore:switches",
        "explore:calendar",
        "explore:comparison",
        "explore:body",
    }
)


class OfflineMiddleware:
    """Mark what may be kept: a page to read, asked for by its bare address, by no known person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _may_be_kept(request, response):
            response[HEADER] = KEEP
        return response


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        match is not None
        and match.view_name in _TO_READ
        and request.method == "GET"
        and response.status_code == 200
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not response.cookies
        and "no-store" not in response.get("Cache-Control", "")
    )
