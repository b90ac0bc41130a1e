"""Named groups of words and phrases, and where they stand in a reading."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

Hits = list[dict[int, tuple[int, ...]]]
Ending = tuple[tuple[str, ...], int]
SHORTEST_PREFIX = 3
MEMORY = 20_000


@dataclass(slots=True)
class Marked:
    """For each word, the groups that begin there and where they end; and the reverse.

    ``present`` has every group that occurs; ``where`` only those that somebody starts from.
    """

    hits: Hits
    present: set[int]
    where: dict[int, list[int]]


@dataclass(slots=True)
class Lexicon:
    """Groups by number. Equal lists of words share one number."""

    names: dict[str, int] = field(default_factory=dict)
    _numbers: dict[frozenset[str], int] = field(default_factory=dict)
    _entries: dict[int, frozenset[str]] = field(default_factory=dict)
    _words: dict[str, list[int]] = field(default_factory=dict)
    _prefixes: dict[str, list[int]] = field(default_factory=dict)
    # By first and second word; then what follows these two, and the group.
    _phrases: dict[str, dict[str, list[Ending]]] = field(default_factory=dict)
    _memory: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _starters: set[int] = field(default_factory=set)

    def group(self, entries: Iterable[str]) -> int:
        """The number of the group with these entries; ``word``, ``two words`` or ``stem*``."""
        key = frozenset(entries)
        if key not in self._numbers:
            self._numbers[key] = number = len(self._numbers)
            self._entries[number] = key
            for entry in key:
                self._add(entry, number)
        return self._numbers[key]

    def start_from(self, number: int) -> None:
        """Have ``mark`` list the places of this group."""
        self._starters.add(number)

    def entries(self, number: int) -> frozenset[str]:
        """The entries of a group; raises KeyError for a number that was never given."""
        return self._entries[number]

    def name(self, name: str, entries: Iterable[str]) -> None:
        """Give a group a name by which patterns call it."""
        self.names[name] = self.group(entries)

    def _add(self, entry: str, number: int) -> None:
        words = entry.split()
        if len(words) > 1:
            seconds = self._phrases.setdefault(words[0], {})
            seconds.setdefault(words[1], []).append((tuple(words[2:]), number))
        elif entry.endswith("*"):
            self._prefixes.setdefault(entry[:-1], []).append(number)
        else:
            self._words.setdefault(entry, []).append(number)

    def __contains__(self, word: object) -> bool:
        """True when the rules know this word, alone, as a stem or as part of a phrase."""
        return isinstance(word, str) and (word in self.vocabulary or bool(self.groups_of(word)))

    @property
    def vocabulary(self) -> dict[str, list[int]]:
        """Every whole word that is a group entry by itself."""
        return self._words

    def phrase_words(self) -> set[str]:
        """Every word that occurs inside a phrase of several words."""
        found = set(self._phrases)
        for seconds in self._phrases.values():
            found.update(seconds)
            for words, _ in chain.from_iterable(seconds.values()):
                found.update(words)
        return found

    def groups_of(self, word: str) -> tuple[int, ...]:
        """Groups that this one word belongs to."""
        known = self._memory.get(word)
        if known is None:
            known = self._find_groups(word)
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[word] = known
        return known

    def _find_groups(self, word: str) -> tuple[int, ...]:
        numbers = set(self._words.get(word, ()))
        for length in range(SHORTEST_PREFIX, len(word) + 1):
            numbers.update(self._prefixes.get(word[:length], ()))
        return tuple(numbers)

    def mark(self, words: list[str], joined: list[bool]) -> Marked:
        """Find every group in ``words``; phrases never reach over a pause."""
        hits: Hits = []
        present: set[int] = set()
        where: dict[int, list[int]] = {}
        for position, word in enumerate(words):
            alone: tuple[int, ...] = (position + 1,)
            here = dict.fromkeys(self.groups_of(word), alone)
            seconds = self._phrases.get(word)
            if seconds is not None and position + 1 < len(words) and joined[position + 1]:
                endings = seconds.get(words[position + 1], ())
                _mark_phrases(endings, here, words, joined, position + 2)
            for number in self._starters.intersection(here):
                where.setdefault(number, []).append(position)
            present.update(here)
            hits.append(here)
        return Marked(hits, present, where)


def _mark_phrases(
    endings: Iterable[Ending],
    here: dict[int, tuple[int, ...]],
    words: list[str],
    joined: list[bool],
    start: int,
) -> None:
    """Mark the phrases whose ending stands in ``words`` from ``start`` on."""
    for rest, number in endings:
        end = start + len(rest)
        if tuple(words[start:end]) == rest and all(joined[start:end]):
            here[number] = tuple({*here.get(number, ()), end})
