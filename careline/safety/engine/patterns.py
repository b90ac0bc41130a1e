"""The small language of the rules, and the search for its patterns.

A pattern is a row of elements, separated by blanks:

``chest|heart``   one of these words (``short_of_breath`` is a phrase of three words)
``vomit*``        a word that begins so
``{body}``        one entry of the group that is called body
``{body}|neck``   both, mixed
``my?``           the element may be missing
``..3``           up to three other words may stand here, but no end of a clause
``^`` and ``$``   first and last element: a clause begins here, or ends
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from careline.safety.engine.lexicon import SHORTEST_PREFIX, Lexicon, Marked
from careline.safety.engine.text import COMMA, JOINED, NEW_LINE, fold

LONGEST_GAP = 8
_GAP = re.compile(r"\.\.(\d)$")
_WORD = re.compile(r"[\w#]+\*?$")


class PatternError(ValueError):
    """A pattern can't be read; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Step:
    """One element: how many words it may skip, and the group it wants."""

    gap: int
    group: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. ``required`` are the groups without which it can't occur."""

    source: str
    steps: tuple[Step, ...]
    required: frozenset[int]
    opens: bool = False
    closes: bool = False

    def find(self, marked: Marked, pauses: list[int]) -> Iterator[tuple[int, int]]:
        """Every place (first word, one past the last word), shortest end for each start."""
        for start in marked.where.get(self.steps[0].group, ()):
            if self.opens and not _is_edge(start, pauses):
                continue
            ends: set[int] = set(marked.hits[start][self.steps[0].group])
            for step in self.steps[1:]:
                ends = _advance(step, ends, marked, pauses)
                if not ends:
                    break
            if self.closes:
                ends = {end for end in ends if _is_edge(end, pauses)}
            if ends:
                yield start, min(ends)


def _is_edge(position: int, pauses: list[int]) -> bool:
    """Does the text, or a clause, begin at this word?"""
    return position in (0, len(pauses)) or pauses[position] > JOINED


def _advance(step: Step, ends: set[int], marked: Marked, pauses: list[int]) -> set[int]:
    """Where the next element can end, given where the row so far can end."""
    reached: set[int] = set()
    last = len(marked.hits) - 1
    for end in ends:
        for position in range(end, min(end + step.gap, last) + 1):
            if pauses[position] > (COMMA if step.gap else NEW_LINE):
                break
            reached.update(marked.hits[position].get(step.group, ()))
    return reached


def parse_patterns(source: str, lexicon: Lexicon) -> list[Pattern]:
    """Compile one pattern, and once more without each element that may be missing.

    Raises PatternError with a sentence an editor can act on.
    """
    rows: list[tuple[Step, ...]] = [()]
    gaps = [0]
    elements = source.split()
    opens, closes = elements[:1] == ["^"], elements[-1:] == ["$"]
    for element in elements[opens : len(elements) - closes]:
        found = _GAP.match(element)
        if found:
            gaps = [max(gap, int(found.group(1))) for gap in gaps]
            continue
        group = lexicon.group(_alternatives(element, lexicon))
        with_it = [(*row, Step(gap, group)) for row, gap in zip(rows, gaps, strict=True)]
        optional = element.endswith("?")
        rows = with_it + (rows if optional else [])
        gaps = [0] * len(with_it) + (gaps if optional else [])
    _check(source, rows, gaps)
    return [
        Pattern(source, row, frozenset(step.group for step in row), opens, closes) for row in rows
    ]


def _check(source: str, rows: list[tuple[Step, ...]], gaps: list[int]) -> None:
    whole = all(row and not row[0].gap for row in rows) and not any(gaps)
    if not whole or source.removeprefix("^ ").split()[0].endswith("?"):
        raise PatternError(f"'{source}' must begin and end with words, not with a gap or 'x?'")
    if any(step.gap > LONGEST_GAP for row in rows for step in row):
        raise PatternError(f"a gap is at most ..{LONGEST_GAP}")


def _alternatives(element: str, lexicon: Lexicon) -> set[str]:
    entries: set[str] = set()
    for part in element.removesuffix("?").split("|"):
        entries.update(_entries(element, part, lexicon))
    return entries


def _entries(element: str, part: str, lexicon: Lexicon) -> frozenset[str]:
    """What one alternative stands for: a named group's entries, or one word or phrase."""
    if part.startswith("{") and part.endswith("}"):
        return lexicon.entries(_named(part[1:-1], lexicon))
    if not _WORD.match(part):
        raise PatternError(f"'{element}' is neither words, {{group}} nor a gap like ..3")
    if part.endswith("*") and len(part) <= SHORTEST_PREFIX:
        raise PatternError(f"'{element}' needs at least {SHORTEST_PREFIX} letters before the star")
    return frozenset([fold(part.replace("_", " "))])


def _named(name: str, lexicon: Lexicon) -> int:
    if name not in lexicon.names:
        raise PatternError(f"there is no group called '{name}'")
    return lexicon.names[name]
