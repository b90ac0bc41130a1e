"""What was found in one text, before it is decided what counts."""

from dataclasses import dataclass, field

from careline.safety.engine.lexicon import Marked
from careline.safety.engine.rules import Cue, RuleSet
from careline.safety.engine.text import SENTENCE, Reading
from careline.safety.levels import Level

Span = tuple[int, int]


@dataclass(slots=True)
class Found:
    """A possible sign, from word ``start`` up to ``end``; ``negative``: it contains its own no."""

    rule: str
    level: Level
    start: int
    end: int
    negative: bool = False


@dataclass(slots=True)
class Scene:
    """One text with its possible signs and the cues around them."""

    rules: RuleSet
    reading: Reading
    marked: Marked
    found: list[Found] = field(default_factory=list)
    cues: dict[Cue, list[Span]] = field(default_factory=dict)
    covered: list[bool] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    segment: list[int] = field(default_factory=list)

    def spans(self, cue: Cue) -> list[Span]:
        """Where this cue stands."""
        return self.cues.get(cue, [])

    def has(self, position: int, group: int) -> bool:
        """Does an entry of the group begin at this word?"""
        return 0 <= position < len(self.reading) and group in self.marked.hits[position]

    def settle(self) -> None:
        """Work out what the checks of scope need: covered words, sentences, segments."""
        self.found = [each for each in self.found if not self._is_something_else(each)]
        self.found = [each for each in self.found if not self._is_part_of_crisis(each)]
        self.covered = [False] * len(self.reading)
        for each in self.found:
            self.covered[each.start : each.end] = [True] * (each.end - each.start)
        self._number_parts()
        self._drop_undone_cues()

    def _is_something_else(self, each: Found) -> bool:
        if any(start <= each.start and each.end <= end for start, end in self.spans(Cue.FIGURE)):
            return True
        return any(
            start <= each.start < end or start < each.end <= end
            for start, end in self.spans(Cue.OTHER_THING)
        )

    def _is_part_of_crisis(self, each: Found) -> bool:
        """ "Hope I don't wake up" speaks of death, not of somebody who can't be woken."""
        return each.level is not Level.CRISIS and any(
            other.start <= each.start and each.end <= other.end
            for other in self.found
            if other.level is Level.CRISIS
        )

    def _number_parts(self) -> None:
        sentence = segment = 0
        joining = self.rules.scope.joining_words
        for position, pause in enumerate(self.reading.pauses):
            sentence += pause == SENTENCE
            segment += pause > 0 or self.has(position, joining)
            self.sentence.append(sentence)
            self.segment.append(segment)

    def _drop_undone_cues(self) -> None:
        """A no inside "no idea", or inside a sign ("no puedo respirar"), says no to nothing."""
        signs = [(each.start, each.end) for each in self.found]
        undone = [*self.spans(Cue.NOT_A_NEGATION), *self.spans(Cue.FIGURE)]
        undone += [(each.start, each.end) for each in self.found if each.negative]
        self._keep_outside(Cue.NEGATION, undone)
        self._keep_outside(Cue.RESOLVED, signs)
        self._keep_outside(Cue.NOW, [*self.spans(Cue.RESOLVED), *self.spans(Cue.FIGURE)])
        self._keep_outside(Cue.AGAIN, self.spans(Cue.FIGURE))

    def _keep_outside(self, cue: Cue, others: list[Span]) -> None:
        self.cues[cue] = outside(self.spans(cue), others)


def outside(spans: list[Span], others: list[Span]) -> list[Span]:
    """The spans that don't lie within one of the others."""
    if not spans or not others:
        return spans
    return [
        (start, end)
        for start, end in spans
        if not any(first <= start and end <= last for first, last in others)
    ]
