"""The home page: ask, talk to a person, read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.site.directory import directory
from careline.site.explore.screens import screens


@require_safe
@public(limit=Limit.PAGE)
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page in the language of its path."""
    language = get_language() or ""
    context = {"directory": directory(language), "screens": screens(language)}
    return render(request, "site/home.html", context)
