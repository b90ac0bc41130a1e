"""Puts misspelt words right: a curated list first, then close words, for long words only."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from careline.safety.engine.text import shorten_stretched

SHORTEST_FUZZY = 6
TWO_SLIPS_FROM = 9
MEMORY = 20_000


@dataclass(slots=True)
class Spelling:
    """Turns a word as typed into a word that the rules know, or leaves it alone.

    ``known`` says whether the rules know a word; ``respell`` maps misspellings; ``targets`` are
    the long words that close misspellings may stand for; ``keep`` are real words that only look
    like one of them ("smelling", "breeding").
    """

    known: Container[object]
    respell: Mapping[str, str]
    keep: frozenset[str]
    targets: Iterable[str]
    _by_letter: dict[str, list[str]] = field(default_factory=dict, init=False)
    _memory: dict[str, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for word in self.targets:
            self._by_letter.setdefault(word[0], []).append(word)

    def correct(self, word: str) -> str:
        """The word meant, as far as that is certain enough; else ``word`` itself."""
        remembered = self._memory.get(word)
        if remembered is None:
            remembered = self._look_up(word)
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[word] = remembered
        return remembered

    def _look_up(self, word: str) -> str:
        for candidate in (word, *shorten_stretched(word)):
            if candidate in self.respell:
                return self.respell[candidate]
            # "Talkin" comes first: a stem like talk* knows it too, but no phrase does.
            if candidate.endswith("in") and f"{candidate}g" in self.known:
                return f"{candidate}g"
            if candidate in self.known or candidate in self.keep:
                return candidate
        return self._closest(shorten_stretched(word)[1])

    def _closest(self, word: str) -> str:
        if len(word) < SHORTEST_FUZZY:
            return word
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        best, best_distance = word, slips + 1
        for target in self._by_letter.get(word[0], ()):
            if abs(len(target) - len(word)) > slips:
                continue
            distance = OSA.distance(word, target, score_cutoff=slips)
            if distance < best_distance:
                best, best_distance = target, distance
        return best
