"""Our pages inside other sites: who may frame them, and what holds for a request from a frame.

The framed pages are the visitor's own pages once more, under ``/<language>/widget/``. Only the
origins in WIDGET_ORIGINS may frame them; every other page may be framed by nobody. A frame on
another site has no cookies in most browsers but one that is kept apart for each site around it
(CHIPS, draft-ietf-httpbis-cookie-partitioned): the contact's token there, and nothing else.
Django's own defence against forged forms needs a cookie too; here the browser's word on where
a form comes from takes its place (Fetch Metadata, and Origin where that is missing).
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from careline.contacts import tokens
from careline.core import errors

GetResponse = Callable[[HttpRequest], HttpResponse]


def comes_from_here(request: HttpRequest) -> bool:
    """Return whether one of our own pages sent this. A browser that names nothing is refused."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return bool(origin) and _host_of(origin) == request.get_host()


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""  # Not an origin at all.


class WidgetMiddleware:
    """Let the listed origins frame the pages made for it, with one cookie and no forged forms."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not tokens.is_framed(request):
            return self.get_response(request)
        if request.method == "POST" and not comes_from_here(request):
            response = errors.permission_denied(request)
        else:
            response = self.get_response(request)
        _keep_only_the_token(response)
        _let_frame(response)
        return response


def _let_frame(response: HttpResponse) -> None:
    if settings.WIDGET_ORIGINS:
        del response["X-Frame-Options"]  # It knows no list; the policy below does.
        policy = {"frame-ancestors": list(settings.WIDGET_ORIGINS)}
        response._csp_replace = policy  # type: ignore[attr-defined]


def _keep_only_the_token(response: HttpResponse) -> None:
    for name in [name for name in response.cookies if name != tokens.FRAMED_COOKIE]:
        del response.cookies[name]
