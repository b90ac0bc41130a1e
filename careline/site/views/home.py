"""The home page: ask, talk to a person, read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careline.core.access import public
from careline.core.ratelimit import Limit


@require_safe
@public(limit=Limit.PAGE)
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page in the language of its path."""
    return render(request, "site/home.html", {"topics": [], "other_help": []})
