"""What every page's shell shows: help that is open now, languages, whose service this is."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from careline.contacts import tokens
from careline.site import found, languages
from careline.site.directory import is_demonstration
from careline.site.display import display_of
from careline.site.help import help_now


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html shows: the keys of the result."""
    from django.conf import settings

    return {
        "help": SimpleLazyObject(help_now),
        "languages": languages.of(request),
        "display": display_of(request),
        "organisation": settings.ORGANISATION_NAME,
        "framed": tokens.is_framed(request),
        "exit_url": settings.QUICK_EXIT_URL,
        "demonstration": SimpleLazyObject(is_demonstration),
        "place": SimpleLazyObject(lambda: found.place_of(request)),
    }
