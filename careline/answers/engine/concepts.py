"""Many words, one meaning: concepts in the place of the words that are counted."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from careline.answers.engine import data
from careline.answers.engine.terms import Term, terms
from careline.answers.engine.text import words

_LONGEST = 7
_Words = tuple[str, ...]


class Concepts:
    """Finds phrases that stand for a concept. Built once, then only read."""

    def __init__(self) -> None:
        self._written: dict[_Words, str] = {}
        self._stemmed: dict[tuple[str, _Words], str] = {}
        self._first: set[str] = set()
        for concept, languages in data.table("concepts").items():
            for language, phrases in languages.items():
                for phrase in phrases.split(","):
                    self._add(f"concept:{concept}", phrase, language)

    def _add(self, concept: str, phrase: str, language: str) -> None:
        found = terms(phrase, language)
        typed = tuple(words(phrase))
        if not found or not typed:
            return
        written = tuple(term.word for term in found)
        stems = tuple(term.stem for term in found)
        self._written.setdefault(typed, concept)
        self._written.setdefault(written, concept)
        self._stemmed.setdefault((language, stems), concept)
        self._first.update((typed[0], written[0], stems[0]))

    def found(
        self, told: Sequence[Term], language: str, taken: frozenset[int]
    ) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, concept) from left to right, the longest first, none in `taken`."""
        at = 0
        while at < len(told):
            size, concept = self._longest(told, at, language, taken)
            if concept:
                yield at, at + size, concept
            at += size

    def _longest(
        self, told: Sequence[Term], at: int, language: str, taken: frozenset[int]
    ) -> tuple[int, str]:
        if at in taken or not {told[at].word, told[at].stem} & self._first:
            return 1, ""
        free = 1
        while free < _LONGEST and at + free < len(told) and at + free not in taken:
            free += 1
        for size in range(free, 0, -1):
            span = told[at : at + size]
            concept = self._written.get(tuple(term.word for term in span))
            concept = concept or self._stemmed.get((language, tuple(term.stem for term in span)))
            if concept:
                return size, concept
        return 1, ""


@lru_cache(maxsize=1)
def concepts() -> Concepts:
    """Return the concepts of the data folder, read once."""
    return Concepts()
