"""Where a cue stands in a text, with questions that stay cheap however often it occurs."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

Span = tuple[int, int]


@dataclass(slots=True)
class Spans:
    """Spans of words, sorted by their first word."""

    spans: list[Span]
    starts: frozenset[int] = field(init=False)
    ends: frozenset[int] = field(init=False)
    _firsts: list[int] = field(init=False)
    _furthest: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.spans.sort()
        self._firsts = [start for start, _ in self.spans]
        self._furthest = list(accumulate((end for _, end in self.spans), max))
        self.starts = frozenset(self._firsts)
        self.ends = frozenset(end for _, end in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def starting_in(self, first: int, last: int) -> list[Span]:
        """Spans that start at a word from ``first`` up to, not including, ``last``."""
        return self.spans[bisect_left(self._firsts, first) : bisect_left(self._firsts, last)]

    def hold(self, start: int, end: int) -> bool:
        """Does one of the spans contain all words from ``start`` up to ``end``?"""
        before = bisect_left(self._firsts, start + 1)
        return before > 0 and self._furthest[before - 1] >= end

    def outside(self, others: "Spans") -> "Spans":
        """The spans that don't lie within one of ``others``."""
        if not self or not others:
            return self
        return Spans([span for span in self.spans if not others.hold(*span)])


def none() -> Spans:
    """No spans at all."""
    return Spans([])


def merged(parts: Iterable[Spans]) -> Spans:
    """All spans of several."""
    return Spans([span for part in parts for span in part.spans])
