"""From the body of one revision to the sentences that a reviewer signs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from careline.content.models import ReviewedPage
from careline.content.models.review import normalised, sentence_id


@dataclass(frozen=True)
class SentenceDraft:
    """One sentence as a body holds it, with where it stands."""

    id: str
    text: str
    label: str
    section: str
    anchor: str
    position: int
    source_keys: tuple[str, ...]
    conflict_key: str = ""


def anchor_of(heading: Any) -> str:
    """Return the anchor of a heading's block value."""
    return str(heading["anchor"] or slugify(heading["text"]))


def sentences_of(page: ReviewedPage) -> list[SentenceDraft]:
    """Return the page's sentences in reading order, notes on conflicts included.

    `page` is a page as one revision holds it. Words that stand twice on a page
    are one sentence, at their first place.
    """
    found: dict[str, SentenceDraft] = {}
    for draft in _walk(page):
        found.setdefault(draft.id, draft)
    return list(found.values())


def _walk(page: ReviewedPage) -> Iterator[SentenceDraft]:
    section, anchor, position = "", "", 0
    for block in page.body:
        if block.block_type == "heading":
            section, anchor = block.value["text"], anchor_of(block.value)
        for text, label, keys, conflict in _sentences_in(block, page.language):
            position += 1
            yield SentenceDraft(
                id=sentence_id(page.key, page.language, text),
                text=normalised(text),
                label=label,
                section=section,
                anchor=anchor,
                position=position,
                source_keys=keys,
                conflict_key=conflict,
            )


def _sentences_in(block: Any, language: str) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    if block.block_type == "passage":
        for value in block.value["sentences"]:
            keys = tuple(source.pk for source in value["sources"] if source)
            yield value["text"], value["label"] or "", keys, ""
    elif block.block_type == "conflict" and block.value is not None:
        conflict = block.value
        keys = tuple(dict.fromkeys(each.source_id for each in conflict.statements.all()))
        for text in conflict.note_in(language):
            yield text, "", keys, conflict.key
