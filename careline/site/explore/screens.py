"""Which of the screens there are: each only while the words that it needs are approved."""

from django.db import DatabaseError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from careline.content.models import Sentence
from careline.content.version import remembered
from careline.site.directory import Entry

# Route, what it needs, name, what one sees there.
_SCREENS = (
    (
        "switches",
        ("how-it-works", "off-switch"),
        gettext_noop("The checkpoint switches"),
        gettext_noop("See how medicines block the switches that hold T cells back."),
    ),
    (
        "calendar",
        ("treatments", "dates-count"),
        gettext_noop("Your treatment on a calendar"),
        gettext_noop("See your visits for the coming months, to print or to keep."),
    ),
    (
        "comparison",
        ("treatments", "depends"),
        gettext_noop("The treatments side by side"),
        gettext_noop("Compare when, how and how often each one is given."),
    ),
    (
        "body",
        ("side-effects", "report"),
        gettext_noop("Side effects by body part"),
        gettext_noop("Find what you feel, and how fast to tell your care team."),
    ),
)


def screens(language: str) -> tuple[Entry, ...]:
    """Return a link to each screen that there is in a language; none without the database."""
    try:
        return tuple(_screens(language).values())
    except DatabaseError:
        return ()


def screens_beside(page_key: str, language: str) -> tuple[Entry, ...]:
    """Return the screens that are made from a page and can be shown in a language."""
    there = _screens(language)
    made_from = {route: page for route, (page, _label), *_words in _SCREENS}
    return tuple(entry for route, entry in there.items() if made_from[route] == page_key)


@remembered(most=8)
def _screens(language: str) -> dict[str, Entry]:
    keys = [page for _route, (page, _label), *_words in _SCREENS]
    approved = Sentence.objects.approved().in_language(language).filter(page_key__in=keys)
    there = set(approved.values_list("page_key", "label"))
    with override(language):
        return {
            route: Entry(_(name), reverse(f"explore:{route}"), _(summary))
            for route, needed, name, summary in _SCREENS
            if needed in there
        }
