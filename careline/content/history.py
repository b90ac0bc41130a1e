"""What changed on a page since it was first published, sentence by sentence, for readers.

Made from the signed revisions alone: a draft never shows. Words whose signature
was withdrawn aren't repeated either; that something was withdrawn is said.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise, zip_longest

from wagtail.models import Revision

from careline.content.extraction import SentenceDraft, sentences_of
from careline.content.models import Approval, ReviewedPage, Sentence
from careline.content.placeholders import fill
from careline.content.version import remembered

# Older signatures than these are left out.
_MOST_SIGNATURES = 30


class Happened(StrEnum):
    """What happened to a sentence."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    SOURCES = "sources"


@dataclass(frozen=True)
class Change:
    """One sentence. Words that were withdrawn are empty; `id` only if the page has it now."""

    kind: Happened
    before: str = ""
    after: str = ""
    id: str = ""


@dataclass(frozen=True)
class Entry:
    """One signature: who, when, and what it changed. `first` has no changes."""

    revision: int
    signed_on: dt.date
    at: dt.datetime
    reviewer: str
    withdrawn: bool
    first: bool
    changes: tuple[Change, ...]


def of_page(page: ReviewedPage) -> tuple[Entry, ...]:
    """Return the page's signatures with what each changed, newest first.

    Notes on conflicts are facts, not part of a revision, and so aren't compared.
    """
    return _of_page(page.pk)


@remembered(most=128)
def _of_page(page_id: int) -> tuple[Entry, ...]:
    page = ReviewedPage.objects.select_related("locale").get(pk=page_id)
    newest = list(page.approvals.order_by("-id")[: _MOST_SIGNATURES + 1])
    approvals = newest[::-1]
    words = _Words(page)
    entries = [_entry(before, after, words) for before, after in pairwise([None, *approvals])]
    if len(newest) > _MOST_SIGNATURES:
        entries = entries[1:]
    return tuple(reversed(entries))


class _Words:
    """What of each signed revision may be shown to readers."""

    def __init__(self, page: ReviewedPage) -> None:
        self._page = page
        rows = Sentence.objects.filter(page_key=page.key, language=page.language)
        self._standing = set(rows.filter(approval__withdrawn_at=None).values_list("pk", flat=True))
        self._current = set(
            Sentence.objects.signed().filter(page=page).values_list("pk", flat=True)
        )

    def of_revision(self, number: int) -> list[SentenceDraft]:
        revision = Revision.objects.filter(pk=number, object_id=str(self._page.pk)).first()
        if revision is None:
            return []
        return [draft for draft in sentences_of(revision.as_object()) if not draft.conflict_key]

    def text(self, draft: SentenceDraft | None) -> str:
        return fill(draft.text) if draft and draft.id in self._standing else ""

    def anchor(self, draft: SentenceDraft | None) -> str:
        return draft.id if draft and draft.id in self._current else ""


def _entry(before: Approval | None, after: Approval, words: _Words) -> Entry:
    changes = () if before is None else tuple(_changes(before, after, words))
    return Entry(
        revision=after.revision,
        signed_on=after.reviewed_on,
        at=after.created_at,
        reviewer=after.signed_by,
        withdrawn=not after.is_standing(),
        first=before is None,
        changes=changes,
    )


def _changes(before: Approval, after: Approval, words: _Words) -> Iterator[Change]:
    if before.revision == after.revision:
        return
    old, new = words.of_revision(before.revision), words.of_revision(after.revision)
    if not old or not new:  # A revision that was pruned can't be compared.
        return
    matcher = SequenceMatcher(None, [x.id for x in old], [x.id for x in new], autojunk=False)
    for _tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        for gone, come in zip_longest(old[old_from:old_to], new[new_from:new_to]):
            change = _change(gone, come, words)
            if change is not None:
                yield change


def _change(gone: SentenceDraft | None, come: SentenceDraft | None, words: _Words) -> Change | None:
    if gone is not None and come is not None and gone.id == come.id:
        if set(gone.source_keys) == set(come.source_keys):
            return None
        return Change(Happened.SOURCES, after=words.text(come), id=words.anchor(come))
    kind = Happened.CHANGED
    if gone is None or come is None:
        kind = Happened.ADDED if gone is None else Happened.REMOVED
    return Change(kind, words.text(gone), words.text(come), words.anchor(come))
