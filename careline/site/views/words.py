"""Every word that is explained on the pages, with its explanation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from careline.content.glossary import terms
from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.core.text import folded


@require_safe
@public(limit=Limit.PAGE)
def words(request: HttpRequest) -> HttpResponse:
    """Show every word that can be explained today, in the order of its letters."""
    listed = sorted(terms(get_language() or ""), key=lambda term: folded(term.name))
    return render(request, "site/words.html", {"terms": listed})
