"""Every public page with its languages, for search engines."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from careline.content.models import ReviewedPage
from careline.site.page_names import OWN_PAGES


@dataclass
class Located:
    """One address, when it last changed, and every language of the same page."""

    path: str
    changed: dt.datetime | None = None
    alternates: list[tuple[str, str]] = field(default_factory=list)


def located() -> list[Located]:
    """Return what search engines may list: our own pages, then each page that is signed."""
    return [*_own(), *_reviewed()]


def _own() -> list[Located]:
    return [place for name in OWN_PAGES for place in _in_every_language(name)]


def _in_every_language(name: str) -> list[Located]:
    alternates = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            alternates.append((code, reverse(name)))
    return [Located(path, None, alternates) for _code, path in alternates]


def _reviewed() -> list[Located]:
    family: dict[object, list[tuple[str, str]]] = defaultdict(list)
    found = []
    pages = ReviewedPage.objects.signed().select_related("locale").defer("body")
    for page in pages.order_by("topic__pack", "topic__order", "order", "locale__language_code"):
        family[page.translation_key].append((page.language, page.url or ""))
        alternates = family[page.translation_key]
        found.append(Located(page.url or "", page.last_published_at, alternates))
    return found
