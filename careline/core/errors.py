"""The replies to what went wrong: kind, clear, and nothing typed is lost."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

# Fields that must never be shown again on a page.
_SECRET_FIELDS = frozenset({"csrfmiddlewaretoken", "password", "password1", "password2", "code"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came can't be read."""
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this isn't for you."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing is here, but help is."""
    return render(request, "errors/404.html", status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: too often from one place; what was typed is shown again to be sent later."""
    if request.path.startswith("/api/"):
        return _slow_down()
    response = render(
        request,
        "errors/429.html",
        {"kept": typed_fields(request), "action": request.path},
        status=429,
    )
    response["Retry-After"] = "60"
    return response


def _slow_down() -> HttpResponse:
    message = _("Too many requests from one place. Please try again in a minute.")
    body = {"error": "too_many_requests", "message": message}
    return JsonResponse(body, status=429, headers={"Retry-After": "60"})


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The template needs neither database nor context."""
    return HttpResponse(get_template("errors/500.html").render({}), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Reply to a form whose cookie is missing or old: show what was typed, with a fresh token."""
    return render(
        request,
        "errors/csrf.html",
        {"kept": typed_fields(request), "action": request.path},
        status=403,
    )


def typed_fields(request: HttpRequest) -> list[tuple[str, Any]]:
    """Return the fields of a refused form that may be shown again, in order."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _SECRET_FIELDS
        for value in values
    ]
