"""Search over approved information."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from careline import safety
from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.core.text import clean
from careline.site.search import LONGEST_QUERY, find, names


@require_safe
@public(limit=Limit.SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that hold the words of `q`, after the care card that they call for."""
    language = get_language() or ""
    query = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    context = {
        "query": query,
        "results": find(query, language) if query else None,
        "search_words": names(language),
        "card": safety.care_card(safety.assess(query, language).level, language),
    }
    return render(request, "site/search.html", context)
