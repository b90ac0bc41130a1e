"""The quick find inside a conversation: reviewed sentences and articles by a few words."""

import logging
from dataclasses import dataclass, field

from careline.answers.citing import page_links
from careline.answers.replies import PageLink
from careline.answers.search import related_page_keys
from careline.core.events import Event, log
from careline.desk.suggestions import Suggestion, suggestions_for
from careline.desk.team_forms import fresh_key

SENTENCES, PAGES = 6, 3
LONGEST = 200


@dataclass(frozen=True)
class FoundPage:
    """An article, and the id under which one press sends its address once."""

    page: PageLink
    client_id: str


@dataclass(frozen=True)
class Found:
    """What was found for some words."""

    words: str
    sentences: list[Suggestion] = field(default_factory=list)
    pages: list[FoundPage] = field(default_factory=list)


def find(words: str, language: str) -> Found:
    """Return what fits, best first; nothing for no words. Never raises."""
    words = words.strip()[:LONGEST]
    if not words:
        return Found("")
    return Found(words, suggestions_for(words, language, SENTENCES), _pages(words, language))


def _pages(words: str, language: str) -> list[FoundPage]:
    try:
        links = page_links(related_page_keys(words, language)[:PAGES], language)
    except Exception as error:
        log(Event.ANSWERS_UNAVAILABLE, level=logging.ERROR, reason=type(error).__name__)
        return []
    return [FoundPage(link, f"page-{fresh_key()}") for link in links]
