"""Puts misspelt words right: a curated list first, then endings, close words and glued ones."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from careline.safety.engine.text import Reading, shorten_stretched

SHORTEST_FUZZY = 6
TWO_SLIPS_FROM = 9
SHORTEST_STEM = 4
SHORTEST_GLUED = 5
# A part of a glued word is a word of at least so many letters, or one of the tiny words.
SHORTEST_PART = 4
LONGEST_PART = 15
# Nobody writes a word of so many letters that the rules would have to know.
TOO_LONG = 20
MEMORY = 20_000

Words = tuple[str, ...]


@dataclass(slots=True)
class Spelling:
    """Turns a word as typed into the words that the rules know, or leaves it alone.

    ``known`` says whether the rules know a word; ``respell`` maps misspellings; ``targets`` are
    the long words that close misspellings may stand for; ``keep`` are real words that only look
    like one of them ("smelling", "breeding"). ``endings`` are tried in their order: an ending and
    what may stand in its place. ``whole`` are the words, ``tiny`` the very short ones, into which
    a word typed without spaces may fall apart ("icantbreathe"), if one of ``apart`` is in it.
    """

    known: Container[object]
    respell: Mapping[str, str]
    keep: frozenset[str]
    targets: Iterable[str]
    endings: Sequence[tuple[str, str]] = ()
    whole: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    tiny: frozenset[str] = frozenset()
    _by_letter: dict[str, list[str]] = field(default_factory=dict, init=False)
    _memory: dict[str, Words] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for word in self.targets:
            self._by_letter.setdefault(word[0], []).append(word)

    def meant(self, word: str) -> Words:
        """The words meant, as far as that is certain enough; else ``word`` itself."""
        remembered = self._memory.get(word)
        if remembered is None:
            remembered = self._look_up(word)
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[word] = remembered
        return remembered

    def put_right(self, reading: Reading) -> Reading:
        """The reading with every word as it was meant; parts of a glued word share its place."""
        meant = [self.meant(word) for word in reading.words]
        if all(len(words) == 1 for words in meant):
            reading.words = [words[0] for words in meant]
            return reading
        return _spread(reading, meant)

    def _look_up(self, word: str) -> Words:
        candidates = (word, *shorten_stretched(word))
        # A stem comes last: talk* knows "talkinnn" too, but no phrase does.
        for right_of in (self._written_out, self._other_ending, self._of_stem):
            for candidate in candidates:
                right = right_of(candidate)
                if right is not None:
                    return (right,)
        short = candidates[-1]
        right = self._closest(short)
        return (right,) if right is not None else self._apart(word) or (short,)

    def _written_out(self, word: str) -> str | None:
        """A word that the lists write out, or the word that they give for it."""
        if word in self.respell:
            return self.respell[word]
        if word in self.whole or word in self.keep:
            return word
        return f"{word}g" if word.endswith("in") and f"{word}g" in self.whole else None

    def _of_stem(self, word: str) -> str | None:
        return word if word in self.known else None

    def _other_ending(self, word: str) -> str | None:
        """ "Apretaditas" as "apretadas": the rules needn't list every form of a word."""
        for ending, instead in self.endings:
            if not word.endswith(ending) or len(word) - len(ending) < SHORTEST_STEM:
                continue
            other = word.removesuffix(ending) + instead
            if other in self.whole:
                return other
        return None

    def _closest(self, word: str) -> str | None:
        if len(word) < SHORTEST_FUZZY:
            return None
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        best, best_distance = None, slips + 1
        for target in self._by_letter.get(word[0], ()):
            if abs(len(target) - len(word)) > slips:
                continue
            distance = OSA.distance(word, target, score_cutoff=slips)
            if distance < best_distance:
                best, best_distance = target, distance
        return best

    def _apart(self, word: str) -> Words:
        """The fewest known words that make up ``word``; nothing when there are none.

        Of what is too long for a word, those that make up the longest beginning: a text typed
        without any space is cut off somewhere, and has a word somewhere that nobody listed.
        """
        if len(word) < SHORTEST_GLUED:
            return ()
        best: list[Words | None] = [()] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(end - LONGEST_PART, 0), end):
                before, part = best[start], word[start:end]
                if before is None or not self._is_part(part):
                    continue
                here = best[end]
                if here is None or len(before) + 1 < len(here):
                    best[end] = (*before, part)
        ends = best if len(word) >= TOO_LONG else best[-1:]
        found = next((words for words in reversed(ends) if words), ())
        return found if self.apart.intersection(found) else ()

    def _is_part(self, part: str) -> bool:
        return part in self.tiny or (len(part) >= SHORTEST_PART and part in self.whole)


def _spread(reading: Reading, meant: Sequence[Words]) -> Reading:
    spread = Reading()
    for position, words in enumerate(meant):
        for number, word in enumerate(words):
            spread.words.append(word)
            spread.starts.append(reading.starts[position])
            spread.ends.append(reading.ends[position])
            spread.numbers.append(reading.numbers[position])
            spread.pauses.append(0 if number else reading.pauses[position])
            spread.marks.append("" if number else reading.marks[position])
    return spread
