"""What readers say about a page. Stores no name, no address, no moment; needs no JavaScript."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from careline import safety
from careline.content.models import ReviewedPage
from careline.core.access import public
from careline.core.errors import bad_request
from careline.core.ratelimit import Limit
from careline.safety import Level
from careline.site.actions import give_feedback
from careline.site.forms import FeedbackForm

_TEMPLATE = "site/feedback.html"


# Nobody is signed in, so a forged request could only leave a note; a browser that
# says that another site sent it is refused. Without a token the pages that hold this
# form set no cookie and can be kept ready.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.FEEDBACK)
def feedback(request: HttpRequest, key: str) -> HttpResponse:
    """Take "was this helpful" or a note on a page that readers may see."""
    page = _page(key)
    if request.method != "POST":
        return render(request, _TEMPLATE, {"page": page, "form": FeedbackForm()})
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise PermissionDenied
    try:
        form = FeedbackForm(request.POST)
    except RequestDataTooBig as problem:
        return bad_request(request, problem)
    if not form.is_valid():
        return render(request, _TEMPLATE, {"page": page, "form": form}, status=400)
    return _take(request, page, form)


def _page(key: str) -> ReviewedPage:
    page: ReviewedPage | None = ReviewedPage.objects.signed_as(key, get_language() or "")
    if page is None:
        raise Http404
    return page


def _take(request: HttpRequest, page: ReviewedPage, form: FeedbackForm) -> HttpResponse:
    """Somebody may write of an emergency here, where nobody looks before morning: help first."""
    words, language = form.cleaned_data["words"], get_language() or ""
    level = safety.assess(words, language).level if words else Level.NONE
    context: dict[str, Any] = {"page": page, "card": safety.care_card(level, language)}
    if level.is_danger and not form.cleaned_data["anyway"]:
        return render(request, _TEMPLATE, {**context, "form": form, "held": True})
    give_feedback(page, helpful=form.was_helpful, words=words, acting_user=None)
    context |= {"form": FeedbackForm(), "thanks": True, "noted": bool(words)}
    return render(request, _TEMPLATE, context)
