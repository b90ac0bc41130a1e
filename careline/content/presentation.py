"""What a page's template shows, made from approved sentences and from facts.

`page_context` returns, for content/{article,drug,service}_page.html:
  sections      blocks in reading order; `block.kind` says which of the classes below
  contents      the headings
  references    the numbered sources that the page cites
  grounds       what sorts of sources these are, surest first
  licence       under which licence the text may be used again; None if nobody said
  provenance    who wrote, who reviewed, when, until when
  demonstration whether the deploying organisation has yet to sign
  alternates    this page's address in each language that it is public in
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext

from careline.content import licences, tables
from careline.content.certainty import grounds
from careline.content.extraction import anchor_of, sentences_of
from careline.content.glossary import Marker, Piece
from careline.content.models import Approval, ReviewedPage, Sentence, Source
from careline.content.models.review import sentence_id
from careline.content.placeholders import fill
from careline.content.references import References
from careline.core import clock


@dataclass(frozen=True)
class ShownSentence:
    """A sentence on a page. `anchor` is empty where the same words stood before."""

    id: str
    text: str
    citations: list[int]
    label: str = ""
    anchor: str = ""
    # Its text with the words that are explained in place; empty where none is.
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str
    anchor: str


@dataclass(frozen=True)
class Passage:
    kind: ClassVar[str] = "passage"
    style: str
    sentences: list[ShownSentence]


@dataclass(frozen=True)
class Table:
    """`kind` is regimens, drugs or adverse_events."""

    kind: str
    rows: list[Any]


@dataclass(frozen=True)
class StatementShown:
    text: str
    source: Source
    citation: int


@dataclass(frozen=True)
class Conflict:
    kind: ClassVar[str] = "conflict"
    key: str
    subject: str
    statements: list[StatementShown]
    note: list[ShownSentence]


@dataclass(frozen=True)
class Reference:
    """A source with its number on this page, in the language in which it is titled."""

    number: int
    source: Source

    @property
    def language(self) -> str:
        """The title's language: sources are written down in the site's first language."""
        return settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Provenance:
    """Who answers for the page. All None or empty for a draft that nobody has signed."""

    written_by: str
    reviewer: str = ""
    reviewed_on: dt.date | None = None
    next_review_on: dt.date | None = None
    revision: int | None = None
    demonstration: bool = True
    overdue: bool = False


@dataclass(frozen=True)
class Alternate:
    """The page in one language."""

    language: str
    name: str
    url: str
    current: bool


Section = Heading | Passage | Table | Conflict


def page_context(page: ReviewedPage, *, draft: bool = False) -> dict[str, Any]:
    """Return the context of a page. A draft (the editor's preview) shows its own sentences."""
    builder = _Builder(page, _citable(page, draft=draft), Marker.of(page))
    sections = builder.sections()
    provenance = _provenance(page, builder.approvals)
    numbered = builder.references.numbered()
    return {
        "sections": sections,
        "contents": [block for block in sections if isinstance(block, Heading)],
        "references": [Reference(n, source) for n, source in numbered],
        "grounds": grounds(source for _number, source in numbered),
        "licence": licences.of_page(page),
        "provenance": provenance,
        "demonstration": provenance.demonstration,
        "alternates": alternates(page),
        "behind": behind(page),
        "source_language": settings.LANGUAGE_CODE,
    }


def behind(page: ReviewedPage) -> list[Sentence]:
    """Return the page's sentences that translate words which have changed since."""
    rows = Sentence.objects.signed().filter(page_id=page.pk, behind_since__isnull=False)
    return list(rows.order_by("position"))


def alternates(page: ReviewedPage) -> list[Alternate]:
    """Return the page's address in every language in which it is public, settings' order."""
    family = ReviewedPage.objects.signed().filter(translation_key=page.translation_key)
    found = {each.language: each for each in family.select_related("locale").defer("body")}
    return [
        Alternate(code, name, found[code].url, code == page.language)
        for code, name in settings.LANGUAGES
        if code in found
    ]


@dataclass
class _Citable:
    """A sentence that may be shown, with its sources and the signature over it."""

    sources: list[Source]
    approval: Approval | None = None
    label: str = ""


def _citable(page: ReviewedPage, *, draft: bool) -> dict[str, _Citable]:
    if draft:
        return _of_draft(page)
    rows = Sentence.objects.signed().filter(page_id=page.pk).select_related("approval")
    return {
        row.pk: _Citable(list(row.sources.all()), row.approval, row.label)
        for row in rows.prefetch_related("sources")
    }


def _of_draft(page: ReviewedPage) -> dict[str, _Citable]:
    drafts = sentences_of(page)
    sources = Source.objects.in_bulk({key for draft in drafts for key in draft.source_keys})
    return {
        draft.id: _Citable([sources[key] for key in draft.source_keys if key in sources])
        for draft in drafts
    }


@dataclass
class _Builder:
    """Walks one body; drops what isn't signed, numbers the sources as they come."""

    page: ReviewedPage
    citable: dict[str, _Citable]
    marker: Marker
    references: References = field(default_factory=References)
    approvals: list[Approval] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def sections(self) -> list[Section]:
        """Return the blocks; a passage of which nothing is signed is left out."""
        return [made for block in self.page.body if (made := self._section(block)) is not None]

    def _section(self, block: Any) -> Section | None:
        match block.block_type:
            case "heading":
                self.marker.begin_section()
                return Heading(block.value["text"], anchor_of(block.value))
            case "passage":
                texts = [value["text"] for value in block.value["sentences"]]
                shown = self._shown(texts)
                return Passage(block.value["style"], shown) if shown else None
            case "conflict":
                return self._conflict(block.value)
            case "regimens":
                return Table("regimens", tables.regimens(self.page, self.references))
            case "drugs":
                return Table("drugs", tables.drugs(self.page, self.references))
            case "adverse_events":
                tier = block.value["tier"] or ""
                rows = tables.adverse_events(self.page, tier, self.references)
                return Table("adverse_events", rows)
        return None

    def _conflict(self, conflict: Any) -> Conflict | None:
        if conflict is None:
            return None
        note = self._shown(conflict.note_in(self.page.language))
        if not note:
            return None  # Statements without the reviewer's note would leave readers alone.
        statements = [
            StatementShown(
                fill(each.text_in(self.page.language)), each.source, self.references.of(each.source)
            )
            for each in conflict.statements.select_related("source")
        ]
        subject = conflict.subject_in(self.page.language)
        return Conflict(conflict.key, subject, statements, note)

    def _shown(self, texts: Iterable[str]) -> list[ShownSentence]:
        return [shown for text in texts if (shown := self._sentence(text)) is not None]

    def _sentence(self, text: str) -> ShownSentence | None:
        pk = sentence_id(self.page.key, self.page.language, text)
        found = self.citable.get(pk)
        if found is None:
            return None
        if found.approval is not None:
            self.approvals.append(found.approval)
        anchor = "" if pk in self.seen else pk
        self.seen.add(pk)
        citations = self.references.of_all(found.sources)
        pieces = self.marker.marked(pk, text)
        return ShownSentence(pk, fill(text), citations, found.label, anchor, pieces)


def _provenance(page: ReviewedPage, shown: list[Approval]) -> Provenance:
    """The live revision's signature; the review date is the earliest of all that is shown."""
    signature = page.signature()
    if signature is None:
        return Provenance(written_by=page.written_by)
    signatures = [signature, *shown]
    next_review = min(each.review_due for each in signatures)
    demonstration = any(each.demonstration for each in signatures)
    return Provenance(
        # A demonstration has words for a name; those are translated.
        written_by=gettext(page.written_by)
        if demonstration and page.written_by
        else page.written_by,
        reviewer=signature.signed_by,
        reviewed_on=signature.reviewed_on,
        next_review_on=next_review,
        revision=signature.revision,
        demonstration=demonstration,
        overdue=next_review < clock.today(),
    )
