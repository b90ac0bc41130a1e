"""Questions that ask for the same thing, put together by the telling words that they share.

By words and not by meaning: only words of the content are left of them, equal by
spelling, so that shared stems say as much, at once and without an encoder.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from careline.answers.asked_words import HIDDEN
from careline.answers.engine.terms import terms
from careline.answers.models import AskedQuestion, Outcome

# Dice's share of telling words from which on two questions are taken for one.
_ALIKE = 0.6
# Of so many different questions, the most frequent and newest, clusters are made.
_MOST = 1500


@dataclass
class Wording:
    """Equal words, over all days: how often refused, and how often an answer didn't help."""

    words: str
    language: str
    refused: int = 0
    unhelpful: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    stems: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many people asked so."""
        return self.refused + self.unhelpful


@dataclass
class Cluster:
    """Wordings that ask for the same thing, the most frequent first."""

    wordings: list[Wording]

    @property
    def lead(self) -> Wording:
        """The wording that stands for all."""
        return self.wordings[0]

    @property
    def count(self) -> int:
        """How many people asked."""
        return sum(each.count for each in self.wordings)

    @property
    def refused(self) -> int:
        """How many of them got no answer."""
        return sum(each.refused for each in self.wordings)

    @property
    def unhelpful(self) -> int:
        """How many of them got one that didn't help."""
        return sum(each.unhelpful for each in self.wordings)

    @property
    def kind(self) -> str:
        """The refusal that most of them got; empty where none was refused."""
        kinds = sum((each.kinds for each in self.wordings), Counter())
        return kinds.most_common(1)[0][0] if kinds else ""


def clusters(rows: Iterable[AskedQuestion]) -> list[Cluster]:
    """Return what was asked, the most frequent first; each language for itself."""
    wordings = sorted(_wordings(rows), key=_first)[:_MOST]
    found: list[Cluster] = []
    for one in wordings:
        home = next((each for each in found if _alike(each.lead, one)), None)
        if home is None:
            found.append(Cluster([one]))
        else:
            home.wordings.append(one)
    return sorted(found, key=lambda each: -each.count)


def _first(one: Wording) -> tuple[int, int, str]:
    """The most frequent first, and among equals the one that says most of what was asked."""
    return -one.count, one.words.count(HIDDEN), one.words


def _wordings(rows: Iterable[AskedQuestion]) -> Sequence[Wording]:
    found: dict[tuple[str, str], Wording] = {}
    for row in rows:
        one = found.setdefault((row.language, row.words), Wording(row.words, row.language))
        if row.outcome == Outcome.REFUSED:
            one.refused += row.count
            one.kinds[row.refusal] += row.count
        else:
            one.unhelpful += row.count
    for one in found.values():
        one.stems = _telling(one)
    return list(found.values())


def _telling(one: Wording) -> frozenset[str]:
    read = terms(one.words.replace(HIDDEN, " "), one.language)
    return frozenset(term.stem for term in read if not term.small)


def _alike(one: Wording, other: Wording) -> bool:
    if one.language != other.language or not one.stems or not other.stems:
        return False
    shared = len(one.stems & other.stems)
    return 2 * shared / (len(one.stems) + len(other.stems)) >= _ALIKE
