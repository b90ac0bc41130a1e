"""Where a page is found: its one true address, and the same page in other languages."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url

from careline.core.addresses import public_base
from careline.site.page_names import OWN_PAGES, REVIEWED_PAGE

# Pages that say the same to everybody and exist in every language.
_IN_EVERY_LANGUAGE = frozenset({*OWN_PAGES, "site:about", "site:reprints"})


@dataclass(frozen=True)
class Place:
    """Absolute addresses; `canonical` is empty for pages that no search engine should list."""

    base: str
    canonical: str
    alternates: tuple[tuple[str, str], ...]
    reviewed: bool


def place_of(request: HttpRequest) -> Place:
    """Return where the page of this request is found."""
    match = request.resolver_match
    name = match.view_name if match else ""
    base = public_base(request)
    if name == REVIEWED_PAGE:  # It names its own languages: not each page is signed in each.
        return Place(base, base + request.path, (), True)
    if name not in _IN_EVERY_LANGUAGE:
        return Place(base, "", (), False)
    alternates = tuple(
        (code, base + translate_url(request.path, code)) for code, _name in settings.LANGUAGES
    )
    return Place(base, base + request.path, alternates, False)
