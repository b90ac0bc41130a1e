"""A net below the rules: how much a sentence sounds like reviewed cases of a level.

A rule knows the words that somebody thought of. This knows none; it adds up weights that were
learned from reviewed sentences (scripts/learn-danger-likeness) and travel with the rules as
data. It only ever adds a sign, never takes one away, and stays silent where the rules saw the
sign and judged that it isn't happening.
"""

import base64
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf, sqrt
from zlib import crc32

from careline.safety.levels import Level

MEMORY = 20_000
# A longer sentence is read in pieces of so many words that overlap by half.
LONGEST_PIECE = 24
SHORTEST_PIECE = 3

Features = tuple[int, ...]


def word_features(word: str, buckets: int) -> Features:
    """The buckets of a word and of the rows of three to five letters in it."""
    framed = f"<{word}>"
    parts = {
        framed[start : start + size]
        for size in (3, 4, 5)
        for start in range(max(len(framed) - size + 1, 0))
    }
    return tuple(_bucket(part, buckets) for part in {word, *parts})


def row_features(words: Sequence[str], buckets: int) -> Iterator[int]:
    """The buckets of what stands side by side: two words, three, and two around a third."""
    for first, second in pairwise(words):
        yield _bucket(f"{first} {second}", buckets)
    for first, second, third in zip(words, words[1:], words[2:], strict=False):
        yield _bucket(f"{first} {second} {third}", buckets)
        yield _bucket(f"{first} _ {third}", buckets)


def _bucket(part: str, buckets: int) -> int:
    return crc32(part.encode()) % buckets


@dataclass(slots=True)
class Likeness:
    """The weights of one level, by bucket; a sentence whose sum is above ``line`` is like it.

    Where one of the rules ``hints`` was seen in the text, ``hinted_line`` is enough. Without
    ``numbers`` a sentence with a number in it is left to the rules, which can count.
    """

    key: str
    level: Level
    line: float
    bias: float
    scale: float
    weights: bytes
    hinted_line: float = inf
    hints: frozenset[str] = frozenset()
    numbers: bool = True
    _memory: dict[str, tuple[int, int]] = field(default_factory=dict, init=False)

    def line_after(self, seen: Set[str]) -> float:
        """How much a sentence has to score in a text in which these rules saw something."""
        return self.hinted_line if self.hints & seen else self.line

    def score(self, words: Sequence[str]) -> float:
        """How much these words sound like the level; the sum is set off against their number."""
        buckets, weights = len(self.weights), self.weights
        total = count = 0
        for word in words:
            here, parts = self._of_word(word)
            total += here
            count += parts
        for bucket in row_features(words, buckets):
            total += weights[bucket] - 128
            count += 1
        return total * self.scale / sqrt(count or 1) + self.bias

    def _of_word(self, word: str) -> tuple[int, int]:
        known = self._memory.get(word)
        if known is None:
            found = word_features(word, len(self.weights))
            known = sum(self.weights[bucket] - 128 for bucket in found), len(found)
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[word] = known
        return known


def pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence from word ``start`` up to ``end`` in pieces that are short enough to judge."""
    if end - start < SHORTEST_PIECE:
        return
    while end - start > LONGEST_PIECE:
        yield start, start + LONGEST_PIECE
        start += LONGEST_PIECE // 2
    yield start, end


def unpacked(written: str) -> bytes:
    """Weights as the rule file has them, one byte each and 128 for nothing, in base64.

    Raises ValueError when they aren't.
    """
    weights = base64.b64decode("".join(written.split()), validate=True)
    if not weights:
        raise ValueError("there are no weights")
    return weights
