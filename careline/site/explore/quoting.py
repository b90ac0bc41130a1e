"""Approved sentences by their labels, with the numbered sources and the signatures under them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from careline.content.models import Approval, ClaimConflict, ReviewedPage, Sentence, Source
from careline.content.placeholders import fill
from careline.content.presentation import Conflict, Reference, ShownSentence, StatementShown
from careline.content.references import References


@dataclass(frozen=True)
class Origin:
    """Who answers for what a screen shows: the pages it is taken from and their signatures."""

    pages: tuple[ReviewedPage, ...]
    reviewers: tuple[str, ...]
    reviewed_on: dt.date
    next_review_on: dt.date
    references: tuple[Reference, ...]


@dataclass
class Quotes:
    """The sentences that one screen may show. Sources are numbered as they are first shown."""

    references: References = field(default_factory=References)
    _rows: list[Sentence] = field(default_factory=list)
    _shown: dict[str, Sentence] = field(default_factory=dict)

    @cached_property
    def _labelled(self) -> dict[str, Sentence]:
        return {row.name: row for row in self._rows if row.label}

    def has(self, name: str) -> bool:
        """Return whether "page#label" is an approved sentence here."""
        return name in self._labelled

    def show(self, *names: str) -> list[ShownSentence]:
        """Return those of the sentences "page#label" that are approved, in this order."""
        return [self._show(self._labelled[name]) for name in names if name in self._labelled]

    def section(self, page_key: str, anchor: str) -> list[ShownSentence]:
        """Return the sentences under one heading of a page, notes on conflicts left out."""
        place = (page_key, anchor, "")
        return [
            self._show(row)
            for row in self._rows
            if (row.page_key, row.anchor, row.conflict_key) == place
        ]

    def conflicts(self, found: Iterable[ClaimConflict], language: str) -> list[Conflict]:
        """Return on what the sources differ, each with the reviewer's note.

        Those without one are left out: statements without the note would leave readers alone.
        """
        made = (self._conflict(each, language) for each in found)
        return [conflict for conflict in made if conflict is not None]

    def _conflict(self, conflict: ClaimConflict, language: str) -> Conflict | None:
        note = {row.text: row for row in self._rows if row.conflict_key == conflict.pk}
        if not note:
            return None
        statements = [
            StatementShown(
                fill(each.text_in(language)), each.source, self.references.of(each.source)
            )
            for each in conflict.statements.all()
        ]
        subject = conflict.subject_in(language)
        return Conflict(
            conflict.pk, subject, statements, [self._show(row) for row in note.values()]
        )

    def cite(self, sources: Iterable[Source]) -> list[int]:
        """Return the numbers of a fact's sources."""
        return self.references.of_all(sources)

    def origin(self) -> Origin:
        """Return who answers for the sentences shown so far; at least one must have been."""
        approvals = [_signature(sentence) for sentence in self._shown.values()]
        pages = {each.page.pk: each.page for each in self._shown.values() if each.page}
        return Origin(
            pages=tuple(pages.values()),
            reviewers=tuple(dict.fromkeys(each.signed_by for each in approvals)),
            reviewed_on=min(each.reviewed_on for each in approvals),
            next_review_on=min(each.review_due for each in approvals),
            references=tuple(Reference(n, source) for n, source in self.references.numbered()),
        )

    def _show(self, sentence: Sentence) -> ShownSentence:
        self._shown.setdefault(sentence.pk, sentence)
        # Without an anchor: the sentence's own address is on its page.
        numbers = self.references.of_all(sentence.sources.all())
        return ShownSentence(sentence.pk, sentence.shown_text, numbers, sentence.label)


def quotes(language: str, page_keys: Iterable[str]) -> Quotes:
    """Return the approved sentences of these pages in a language."""
    found = (
        Sentence.objects.approved()
        .in_language(language)
        .filter(page_key__in=list(page_keys))
        .with_citations()
        .defer("page__body")
        .order_by("page_key", "position")
    )
    return Quotes(_rows=list(found))


def _signature(sentence: Sentence) -> Approval:
    if sentence.approval is None:
        raise ValueError("Only a signed sentence can be shown.")
    return sentence.approval
