"""What every request passes before a view sees it."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from careline.core import errors
from careline.core.access import Audience, rule_of
from careline.core.events import Event, log
from careline.core.ratelimit import allow_request

GetResponse = Callable[[HttpRequest], HttpResponse]


class InputGuardMiddleware:
    """Refuse a path or query with null bytes: no database takes one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(request)
        return self.get_response(request)


class FramingMiddleware:
    """Let our own pages frame a response whose view asks for it; nobody else, and nothing else.

    Wagtail shows a page's preview in a frame and marks it by X-Frame-Options
    SAMEORIGIN, which browsers ignore beside a policy with frame-ancestors. It is
    the one exception that the editor's screens need from the policy.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("X-Frame-Options") == "SAMEORIGIN":
            # A preview passed the middleware once before, on its own, and has a policy already.
            del response["Content-Security-Policy"]
            response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
        return response


class AccessMiddleware:
    """Enforce the declared access rule and rate limit of the view about to run."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Return a refusal, or None to let the view run."""
        rule = rule_of(view, request.path.lstrip("/"))
        if rule is None:
            log(Event.ROUTE_UNDECLARED, level=logging.ERROR, view=view.__module__)
            return errors.permission_denied(request)
        if not allow_request(rule.limit, request):
            log(Event.RATE_LIMITED, limit=rule.limit.name)
            return errors.too_many_requests(request)
        if not rule.admits(request.user):
            return self._turn_away(request, rule.audience)
        return None

    def _turn_away(self, request: HttpRequest, audience: Audience) -> HttpResponse:
        log(Event.ACCESS_REFUSED, audience=audience.value)
        if request.user.is_authenticated:
            return errors.permission_denied(request)
        return redirect_to_login(request.get_full_path())
