"""Finding pages by their words: forgiving of spelling, aware of brand names, by the words alone."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import snowballstemmer
from rapidfuzz import fuzz, process

from careline.content.models import Drug, ReviewedPage, Sentence
from careline.content.version import remembered
from careline.core.text import folded

LONGEST_QUERY = 200
_MOST_PAGES = 10
_SENTENCES_PER_PAGE = 2
_TITLE_WEIGHT = 3.0
# Shorter words are too often another word with one letter changed.
_SHORTEST_TO_CORRECT = 5
_LIKE_ENOUGH = 80
# A word less like any of ours is asked about, not read as it; below this it is another word.
_PERHAPS = 60
_MOST_SUGGESTIONS = 3
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# Snowball's name of each language that it can stem; others are matched as written.
_STEMMERS = {"en": "english", "es": "spanish"}


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence, marked where it is what the visitor looked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class FoundSentence:
    """An approved sentence with its address."""

    url: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class FoundPage:
    """A page with the sentences in which the words stand."""

    title: str
    url: str
    summary: str
    sentences: tuple[FoundSentence, ...]


@dataclass(frozen=True)
class Results:
    """Pages, best first. `read_as` tells which typed words were read as which others.

    `perhaps` holds whole queries that may have been meant.
    """

    pages: tuple[FoundPage, ...]
    read_as: tuple[tuple[str, str], ...]
    perhaps: tuple[str, ...] = ()


def find(query: str, language: str) -> Results:
    """Return the pages whose approved sentences hold the words, or words nearly like them.

    Only the first LONGEST_QUERY characters are read. Never raises; no words, no pages.
    """
    index = _index(language)
    terms, read_as = index.terms_of(query[:LONGEST_QUERY])
    scored = sorted(
        ((index.score(page, terms), page) for page in index.pages),
        key=lambda pair: pair[0],
        reverse=True,
    )
    best = [page for score, page in scored if score[0]][:_MOST_PAGES]
    shown = tuple(index.shown(page, terms) for page in best)
    return Results(shown, read_as, index.perhaps(query[:LONGEST_QUERY]))


def names(language: str) -> tuple[str, ...]:
    """Return what a visitor may be about to type: the pages' titles, the medicines' names."""
    return _index(language).names


@dataclass(frozen=True)
class _Line:
    url: str
    text: str
    terms: frozenset[str]


@dataclass(frozen=True)
class _Page:
    title: str
    url: str
    summary: str
    heads: frozenset[str]
    lines: tuple[_Line, ...]

    def terms(self) -> frozenset[str]:
        return self.heads.union(*(line.terms for line in self.lines))


class _Index:
    """The approved words of one language, held until the content changes."""

    def __init__(self, language: str) -> None:
        name = _STEMMERS.get(language)
        self._stemmer = snowballstemmer.stemmer(name) if name else None
        drugs = list(Drug.objects.prefetch_related("brands"))
        self.aliases = self._drug_names(drugs)
        # Each stem in the first form in which the pages write it: what a visitor can read.
        self.written: dict[str, str] = {}
        self.pages = tuple(self._pages(language))
        self.names = tuple(dict.fromkeys([page.title for page in self.pages] + _spoken(drugs)))
        seen = Counter(term for page in self.pages for term in page.terms())
        self.weights = {term: math.log(1 + len(self.pages) / count) for term, count in seen.items()}

    def terms_of(self, query: str) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
        """Return the query's terms that stand somewhere, and which words were read as others."""
        terms: set[str] = set()
        read_as: list[tuple[str, str]] = []
        for word in words(query):
            found = self._known(word)
            meant = found or self._nearest(word)
            terms |= meant
            alias = self.aliases.get(word)
            if meant and self.stem(word) not in self.weights:
                read_as.append((word, alias or self._as_written(meant)))
        return frozenset(terms), tuple(read_as)

    def perhaps(self, query: str) -> tuple[str, ...]:
        """Return the query with a word that stands nowhere replaced by one rather like it."""
        typed = words(query)
        written = {each: each for each in self.written.values()}
        spoken = {
            each: name
            for each, name in {**written, **self.aliases}.items()
            if len(each) >= _SHORTEST_TO_CORRECT
        }
        found: list[str] = []
        for word in typed:
            if len(word) < _SHORTEST_TO_CORRECT or self._known(word) or self._nearest(word):
                continue
            close = process.extract(
                word, spoken, scorer=fuzz.ratio, limit=_MOST_SUGGESTIONS, score_cutoff=_PERHAPS
            )
            found += [" ".join(key if x == word else x for x in typed) for _, _, key in close]
        return tuple(dict.fromkeys(found))[:_MOST_SUGGESTIONS]

    def score(self, page: _Page, terms: frozenset[str]) -> tuple[int, float]:
        """Return how many of the terms stand on the page, then how much they weigh."""
        there = terms & page.terms()
        weight = sum(self.weights[term] for term in there)
        head = sum(self.weights[term] for term in terms & page.heads)
        often = sum(1 for line in page.lines if line.terms & terms) / (len(page.lines) + 1)
        return len(there), weight + _TITLE_WEIGHT * head + often

    def shown(self, page: _Page, terms: frozenset[str]) -> FoundPage:
        """Return the page with its best sentences, the looked-for words marked."""
        lines = sorted(
            (line for line in page.lines if line.terms & terms),
            key=lambda line: -sum(self.weights[term] for term in line.terms & terms),
        )[:_SENTENCES_PER_PAGE]
        sentences = tuple(FoundSentence(line.url, self._marked(line.text, terms)) for line in lines)
        return FoundPage(page.title, page.url, page.summary, sentences)

    def stem(self, word: str) -> str:
        return str(self._stemmer.stemWord(word)) if self._stemmer else word

    def _known(self, word: str) -> set[str]:
        spoken = [word, self.aliases.get(word, word)]
        return {self.stem(part) for part in spoken} & self.weights.keys()

    def _as_written(self, stems: set[str]) -> str:
        return " ".join(sorted(self.written[stem] for stem in stems))

    def _nearest(self, word: str) -> set[str]:
        if len(word) < _SHORTEST_TO_CORRECT:
            return set()
        choices = [*self.weights, *self.aliases]
        match = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
        if match is None:
            return set()
        return {match[0]} if match[0] in self.weights else self._known(match[0])

    def _marked(self, text: str, terms: frozenset[str]) -> tuple[Piece, ...]:
        pieces, end = [], 0
        for match in _WORD.finditer(text):
            if self.stem(folded(match.group())) in terms:
                pieces += [Piece(text[end : match.start()], False), Piece(match.group(), True)]
                end = match.end()
        return tuple(piece for piece in (*pieces, Piece(text[end:], False)) if piece.text)

    def _drug_names(self, drugs: Iterable[Drug]) -> dict[str, str]:
        names: dict[str, str] = {}
        for drug in drugs:
            generic = folded(drug.generic)
            spoken = [brand.name for brand in drug.brands.all()] + list(drug.misspellings)
            for name in (word for each in spoken for word in words(each)):
                if len(name) >= _SHORTEST_TO_CORRECT:
                    names.setdefault(name, generic)
        return names

    def _pages(self, language: str) -> Iterable[_Page]:
        lines: dict[int, list[_Line]] = defaultdict(list)
        approved = Sentence.objects.approved().in_language(language).exclude(page=None)
        for sentence in approved.order_by("position"):
            lines[sentence.page_id or 0].append(self._line(sentence))
        pages = ReviewedPage.objects.signed().in_language(language).select_related("locale")
        for page in pages.filter(pk__in=lines):
            heads = self._stems(page.title)
            url = page.url or ""
            located = tuple(_Line(f"{url}#{x.url}", x.text, x.terms) for x in lines[page.pk])
            yield _Page(page.title, url, page.summary, heads, located)

    def _line(self, sentence: Sentence) -> _Line:
        return _Line(sentence.pk, sentence.shown_text, self._stems(sentence.shown_text))

    def _stems(self, text: str) -> frozenset[str]:
        found = {self.stem(word): word for word in words(text)}
        self.written = {**found, **self.written}
        return frozenset(found)


def _spoken(drugs: Iterable[Drug]) -> list[str]:
    return [
        name
        for drug in drugs
        for name in (drug.generic, *(brand.name for brand in drug.brands.all()))
    ]


@remembered(most=4)
def _index(language: str) -> _Index:
    return _Index(language)


def words(text: str) -> list[str]:
    """Return the words of a text, case and accents dropped, each once, in order."""
    return list(dict.fromkeys(_WORD.findall(folded(text))))
