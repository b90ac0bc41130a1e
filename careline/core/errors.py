"""The replies to what went wrong: kind, clear, and nothing typed is lost.

A page for people, `{"error", "message"}` for programs that use the API; neither is
ever kept by a browser, for both may hold what somebody typed.
"""

from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

# Fields that must never be shown again on a page.
_SECRET_FIELDS = frozenset({"csrfmiddlewaretoken", "password", "password1", "password2", "code"})
API = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came can't be read. 413 where it is only too much of it."""
    if isinstance(exception, RequestDataTooBig):
        return too_big(request)
    return _reply(request, 400, "unreadable", _("We couldn't read what arrived."))


def too_big(request: HttpRequest) -> HttpResponse:
    """413: longer than anybody can read at once; the words are still in the browser's page."""
    return _reply(request, 413, "too_long", _("That is too long to send at once."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this isn't for you."""
    return _reply(request, 403, "not_allowed", _("This is not open to you."))


def signed_out(request: HttpRequest) -> HttpResponse:
    """403: a form from somebody whose session has ended; it can be sent again after a sign-in."""
    return _reply(
        request, 403, "signed_out", _("You are signed out."), template="errors/signed_out.html"
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing is here, but help is."""
    return _reply(request, 404, "not_found", _("There is nothing at this address."))


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: a page that can't be used like this. `allowed` is the Allow header (RFC 9110)."""
    response = _reply(request, 405, "method_not_allowed", _("This can't be done here."))
    response["Allow"] = allowed
    return response


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: too often from one place; what was typed is shown again to be sent later."""
    words = _("Too many requests from one place. Please try again in a minute.")
    response = _reply(request, 429, "too_many_requests", words)
    response["Retry-After"] = "60"
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Reply to a form whose cookie is missing or old: show what was typed, with a fresh token."""
    words = _("Please send that once more.")
    return _reply(request, 403, "stale_form", words, template="errors/csrf.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The template needs neither database nor context."""
    try:
        kept = typed_fields(request)
    except Exception:
        kept = []  # Whatever failed may fail again.
    if request.path.startswith(API):
        message = "Something went wrong on our side. Please try again in a moment."
        return _unkept(JsonResponse({"error": "server_error", "message": message}, status=500))
    page = get_template("errors/500.html").render({"kept": kept})
    return _unkept(HttpResponse(page, status=500))


@dataclass(frozen=True)
class Kept:
    """A field of a refused form."""

    name: str
    value: str

    @property
    def is_words(self) -> bool:
        """Whether somebody typed this; else it is a key that only travels along."""
        return not self.name.endswith("_id") and bool(self.value.strip())

    @property
    def is_wordy(self) -> bool:
        """Whether it is words worth looking at once more before they are sent again."""
        return self.is_words and (len(self.value) > 24 or " " in self.value)


def typed_fields(request: HttpRequest) -> list[Kept]:
    """Return the fields of a refused form that may be shown again, in order."""
    if request.method != "POST":
        return []
    return [
        Kept(name, value)
        for name, values in request.POST.lists()
        if name not in _SECRET_FIELDS
        for value in values
    ]


def _reply(
    request: HttpRequest, status: int, error: str, message: str, template: str = ""
) -> HttpResponse:
    if request.path.startswith(API):
        return _unkept(JsonResponse({"error": error, "message": message}, status=status))
    # The body of a request that was refused for its body can't be read again.
    kept: list[Kept] = [] if status in (400, 413) else typed_fields(request)
    context = {"kept": kept, "action": request.path}
    page = render(request, template or f"errors/{status}.html", context, status=status)
    return _unkept(page)


def _unkept(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
