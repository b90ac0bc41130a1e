"""What every request passes before a view sees it."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import get_language

from careline.core import errors
from careline.core.access import Audience, rule_of
from careline.core.events import Event, log
from careline.core.ratelimit import allow_request

GetResponse = Callable[[HttpRequest], HttpResponse]


_SAFE = ("GET", "HEAD", "OPTIONS")
_METHODS = (*_SAFE, "POST")


class InputGuardMiddleware:
    """Refuse what no page of ours takes: other methods, null bytes in a path or query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _METHODS:
            return errors.method_not_allowed(request, ", ".join(_METHODS))
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(request)
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """Choose the language; lead to an address with a language only where that helps.

    Django would also lead away what no such address can answer: a form, so that what
    was typed is lost, a call of the API, and a route that has no language.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the response, or a redirect to the same address with a language."""
        helps = request.method in _SAFE and not request.path.startswith(errors.API)
        if response.status_code == 404 and (request.resolver_match or not helps):
            response.headers.setdefault("Content-Language", get_language())
            return response
        return super().process_response(request, response)


class PrivacyMiddleware:
    """Let no browser keep what may be personal, and no shared cache keep a page at all.

    Personal is what answers something typed (a form, a search), what a signed-in
    member of staff sees, and every refusal. A view that says otherwise is believed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            if self._is_personal(request, response):
                add_never_cache_headers(response)
            else:
                patch_cache_control(response, no_cache=True, private=True)
        return response

    def _is_personal(self, request: HttpRequest, response: HttpResponse) -> bool:
        return (
            request.method not in _SAFE
            or bool(request.META.get("QUERY_STRING"))
            or settings.SESSION_COOKIE_NAME in request.COOKIES
            or response.status_code >= 400
        )


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
    """Enforce the declared access rule and rate limit of the view about to run.

    A view's bare refusal of a method becomes a page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            return errors.method_not_allowed(request, response.get("Allow", ""))
        return response

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
        if request.method in _SAFE:
            return redirect_to_login(request.get_full_path())
        if errors.typed_fields(request):
            return errors.signed_out(request)
        return redirect(settings.LOGIN_URL)  # Not back here: most of these only take a form.
