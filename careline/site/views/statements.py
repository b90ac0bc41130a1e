"""What the service says about itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.site import directory


@require_safe
@public(limit=Limit.PAGE)
def about(request: HttpRequest) -> HttpResponse:
    """Lead to the reviewed page on who writes and reviews; else say what holds for any content."""
    return _page_or(request, directory.ABOUT, "site/about.html")


@require_safe
@public(limit=Limit.PAGE)
def reprints(request: HttpRequest) -> HttpResponse:
    """Lead to the reviewed page on reprints; else say whom to ask."""
    return _page_or(request, directory.REPRINTS, "site/reprints.html")


@require_safe
@public(limit=Limit.PAGE)
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept, for how long, and what is never kept."""
    return render(
        request,
        "site/privacy.html",
        {"days": _retention(), "words_of_questions": settings.KEEP_WORDS_OF_QUESTIONS},
    )


@require_safe
@public(limit=Limit.PAGE)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say which standard is followed and where to report a barrier."""
    return render(request, "site/accessibility.html")


@require_safe
@public(limit=Limit.PAGE)
def offline(request: HttpRequest) -> HttpResponse:
    """Say what still works without a network; browsers keep this page for then."""
    return render(request, "site/offline.html")


def _page_or(request: HttpRequest, key: str, template: str) -> HttpResponse:
    url = directory.page_url(key, get_language() or "")
    return redirect(url) if url else render(request, template)


def _retention() -> dict[str, int]:
    return {
        "transcript": settings.RETENTION_DAYS_TRANSCRIPT,
        "contact_details": settings.RETENTION_DAYS_CONTACT_DETAILS,
        "statistics": settings.RETENTION_DAYS_STATISTICS,
        "feedback": settings.RETENTION_DAYS_FEEDBACK,
        "questions": settings.RETENTION_DAYS_QUESTIONS,
        "email_sign_up": settings.RETENTION_DAYS_EMAIL_SIGNUP,
    }
