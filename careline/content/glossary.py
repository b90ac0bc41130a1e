"""Words that readers may not know, explained where they stand, by approved sentences alone.

A term is marked where it first stands in a section of a page, when every sentence
that explains it is approved in the page's language on that day. A pack's words
are marked on its own pages: the same word may mean something else in another.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from careline.content.models import Approval, GlossaryTerm, ReviewedPage, Sentence, Source
from careline.content.models.review import SentenceQuerySet, whole
from careline.content.placeholders import fill, is_emergency
from careline.content.version import remembered


@dataclass(frozen=True)
class Term:
    """A word with what explains it. `names` are its forms in one language, never empty."""

    key: str
    pack: str
    names: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    @property
    def name(self) -> str:
        """The form to show."""
        return self.names[0]

    @property
    def text(self) -> str:
        """The whole explanation as one text."""
        return " ".join(sentence.shown_text for sentence in self.sentences)

    @property
    def sources(self) -> list[Source]:
        """What the explanation rests on, each source once."""
        found = {each.pk: each for row in self.sentences for each in row.sources.all()}
        return list(found.values())

    @property
    def approval(self) -> Approval:
        """The oldest of the signatures over the explanation."""
        signed = [row.approval for row in self.sentences if row.approval is not None]
        return min(signed, key=lambda each: each.reviewed_on)

    @property
    def revision(self) -> int:
        """The revision under which the explanation's first sentence was signed."""
        return self.sentences[0].revision

    @property
    def url(self) -> str:
        """Where the explanation stands."""
        return self.sentences[0].url


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence; `term` and `anchor` are set where it is a word to explain.

    `again` says that the page explained it before: paper doesn't need it twice.
    """

    text: str
    term: Term | None = None
    anchor: str = ""
    again: bool = False


@remembered(most=8)
def terms(language: str) -> tuple[Term, ...]:
    """Return every word that can be explained in a language today, in the order of the packs."""
    rows = list(GlossaryTerm.objects.order_by("pack", "order", "key"))
    named = {name for row in rows for name in row.sentences}
    found = _explaining(language, named).by_name()
    made = []
    for row in rows:
        names = tuple(row.names.get(language, ()))
        sentences = whole(row.sentences, found)
        if names and sentences:
            made.append(Term(row.key, row.pack, names, tuple(sentences)))
    return tuple(made)


@dataclass
class Marker:
    """Marks words on one page. Each is marked once a section."""

    known: "_Known"
    here: set[str] = field(default_factory=set)
    before: set[str] = field(default_factory=set)
    count: int = 0

    @classmethod
    def of(cls, page: ReviewedPage) -> "Marker":
        """Return the marker for a page, in its language."""
        return cls(_known(page.language, page.pack))

    def begin_section(self) -> None:
        """Mark every word once more from here on."""
        self.here.clear()

    def marked(self, sentence_id: str, text: str) -> list[Piece]:
        """Return `pieces` of the text with its numbers filled in; empty where nothing is marked.

        Nothing ever stands between a reader in danger and the number to call.
        """
        pieces = [] if is_emergency(text) else self.pieces(sentence_id, fill(text))
        return pieces if any(piece.term for piece in pieces) else []

    def pieces(self, sentence_id: str, text: str) -> list[Piece]:
        """Return the sentence in pieces, in order, that make up its text.

        A word isn't marked in the very sentence that explains it, nor in the rest
        of that section.
        """
        explained = self.known.explained_by.get(sentence_id, set())
        self.here |= explained
        self.before |= explained
        made, end = [], 0
        for start, stop, term in self._found(text):
            self.count += 1
            again = term.key in self.before
            marked = Piece(text[start:stop], term, f"word-{self.count}", again)
            made += [Piece(text[end:start]), marked]
            self.before.add(term.key)
            end = stop
        return [piece for piece in (*made, Piece(text[end:])) if piece.text]

    def _found(self, text: str) -> Iterator[tuple[int, int, Term]]:
        for match in self.known.pattern.finditer(text) if self.known.pattern else ():
            term = self.known.by_name[match.group().casefold()]
            if term.key not in self.here:
                self.here.add(term.key)
                yield *match.span(), term


def marked_answer(ids: Sequence[str], language: str) -> dict[str, list[Piece]]:
    """Mark words in the sentences of one answer, from whichever pages, each word once.

    Returns each sentence's pieces by its id; empty where nothing is marked.
    """
    rows = Sentence.objects.filter(pk__in=ids).values_list("pk", "page__pack", "text")
    found = {pk: (pack or "", text) for pk, pack, text in rows} if ids else {}
    marker = Marker(_known(language, ""))
    made = {}
    for pk in ids:
        pack, text = found.get(pk, ("", ""))
        marker.known = _known(language, pack)
        made[pk] = marker.marked(pk, text)
    return made


@dataclass(frozen=True)
class _Known:
    """The words of one language for the pages of one pack."""

    pattern: re.Pattern[str] | None
    by_name: dict[str, Term]
    # Sentence id -> the terms that it explains.
    explained_by: dict[str, set[str]]


@remembered(most=16)
def _known(language: str, pack: str) -> _Known:
    """Pages that editors made here, without a pack, may use every pack's words."""
    fit = [each for each in terms(language) if pack in ("", each.pack)]
    by_name = {name.casefold(): each for each in reversed(fit) for name in each.names}
    explained: dict[str, set[str]] = {}
    for each in fit:
        for sentence in each.sentences:
            explained.setdefault(sentence.pk, set()).add(each.key)
    return _Known(_pattern(by_name), by_name, explained)


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds these names as whole words, the longest first, in any case."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    if not longest_first:
        return None
    joined = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)


def _explaining(language: str, named: set[str]) -> SentenceQuerySet:
    pages = {name.split("#")[0] for name in named}
    rows = Sentence.objects.approved().in_language(language).filter(page_key__in=pages)
    return rows.with_citations().defer("page__body")
