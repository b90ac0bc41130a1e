"""What a visitor lets the specialist see of what they read and asked here, if they want to.

We keep no such list. The visitor's browser holds one, in its tab alone, and shows it before
anything is sent. What arrives is looked at again: pages have to be ours, with our titles.
"""

import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.log import Draft
from careline.core.text import clean

MOST_PAGES, MOST_QUESTIONS = 20, 10
_LONGEST_QUESTION = 500
_LONGEST_LIST = 20_000
_ADDRESS = re.compile(r"/([a-z]{2,3}(?:-[a-z0-9]+)?)/([\w-]{1,255})/", re.IGNORECASE)


@dataclass(frozen=True)
class Shared:
    """Pages as (address, title) and questions, each in the order of reading and asking."""

    pages: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()

    def draft(self, contact_id: uuid.UUID) -> Draft:
        """Return the event that shows it to the desk."""
        pages = [{"url": url, "title": title} for url, title in self.pages]
        body = {"pages": pages, "questions": list(self.questions)}
        return Draft(contact_id, EventKind.READING_SHARED, AuthorKind.VISITOR, body)


def shared_in(written: str) -> Shared | None:
    """Return what a form brings along; None for nothing or nonsense: nobody is refused for it."""
    try:
        said = json.loads(written) if len(written) <= _LONGEST_LIST else {}
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    pages = _our_pages(_texts(said.get("pages"))[-MOST_PAGES:])
    asked = (clean(text)[:_LONGEST_QUESTION] for text in _texts(said.get("questions")))
    questions = tuple(text for text in asked if text)[-MOST_QUESTIONS:]
    return Shared(pages, questions) if pages or questions else None


def _texts(given: Any) -> list[str]:
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


def _our_pages(addresses: list[str]) -> tuple[tuple[str, str], ...]:
    asked = {address: match for address in addresses if (match := _ADDRESS.fullmatch(address))}
    slugs = {match[2] for match in asked.values()}
    live = Page.objects.live().public().filter(slug__in=slugs).select_related("locale")
    titles = {(page.locale.language_code, page.slug): page.title for page in live}
    found = ((address, titles.get((match[1], match[2]))) for address, match in asked.items())
    return tuple((address, title) for address, title in found if title)
