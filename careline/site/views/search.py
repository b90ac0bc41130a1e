"""Search over approved information."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careline.core.access import public
from careline.core.ratelimit import Limit


@require_safe
@public(limit=Limit.SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that hold the words of `q`."""
    return render(request, "site/search.html", {"query": request.GET.get("q", "")})
