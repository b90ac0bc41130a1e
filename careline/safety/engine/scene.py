"""What was found in one text, before it is decided what counts."""

from collections import Counter
from dataclasses import dataclass, field

from careline.safety.engine.lexicon import Marked
from careline.safety.engine.rules import Cue, RuleSet
from careline.safety.engine.spans import Span, Spans, merged, none
from careline.safety.engine.text import SENTENCE, Reading
from careline.safety.levels import Level

_NOWHERE = none()


@dataclass(slots=True)
class Found:
    """A possible sign, from word ``start`` up to ``end``; ``negative``: it contains its own no."""

    rule: str
    level: Level
    start: int
    end: int
    negative: bool = False


@dataclass(slots=True)
class Parts:
    """Which sentence and which segment each word belongs to; segments end at commas and "and"."""

    sentence: list[int] = field(default_factory=list)
    segment: list[int] = field(default_factory=list)
    segment_lengths: Counter[int] = field(default_factory=Counter)
    with_sign: frozenset[int] = frozenset()
    with_treatment: frozenset[int] = frozenset()
    with_now: frozenset[int] = frozenset()


@dataclass(slots=True)
class Scene:
    """One text with its possible signs and the cues around them."""

    rules: RuleSet
    reading: Reading
    marked: Marked
    found: list[Found] = field(default_factory=list)
    raw_cues: dict[Cue, list[Span]] = field(default_factory=dict)
    cues: dict[Cue, Spans] = field(default_factory=dict)
    covered: list[bool] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)
    is_happening: bool = False

    def spans(self, cue: Cue) -> Spans:
        """Where this cue stands."""
        return self.cues.get(cue, _NOWHERE)

    def has(self, position: int, group: int) -> bool:
        """Does an entry of the group begin at this word?"""
        return 0 <= position < len(self.marked.hits) and group in self.marked.hits[position]

    def settle(self) -> None:
        """Work out what the checks of scope need: covered words, sentences, segments."""
        self.cues = {cue: Spans(spans) for cue, spans in self.raw_cues.items()}
        self._drop_what_is_something_else()
        self.covered = _covered(len(self.reading), self._signs())
        self._drop_undone_cues()
        self._number_parts()
        self.is_happening = self._says_it_is_happening()

    def _signs(self) -> Spans:
        return Spans([(each.start, each.end) for each in self.found])

    def _drop_what_is_something_else(self) -> None:
        """Figures of speech, other things, and words inside a longer cry for help.

        "Hope I don't wake up" speaks of death, not of somebody who can't be woken.
        """
        figures = self.spans(Cue.FIGURE)
        others = _covered(len(self.reading), self.spans(Cue.OTHER_THING))
        kept = [
            each
            for each in self.found
            if not (
                figures.hold(each.start, each.end) or others[each.start] or others[each.end - 1]
            )
        ]
        crises = Spans([(each.start, each.end) for each in kept if each.level is Level.CRISIS])
        self.found = [
            each
            for each in kept
            if each.level is Level.CRISIS or not crises.hold(each.start, each.end)
        ]

    def _drop_undone_cues(self) -> None:
        """A no inside "no idea", or inside a sign ("no puedo respirar"), says no to nothing."""
        negative = Spans([(each.start, each.end) for each in self.found if each.negative])
        figures = self.spans(Cue.FIGURE)
        undone = merged([self.spans(Cue.NOT_A_NEGATION), figures, negative])
        self._keep_outside(Cue.NEGATION, undone)
        self._keep_outside(Cue.RESOLVED, self._signs())
        self._keep_outside(Cue.PAST, self._signs())
        self._keep_outside(Cue.NOW, merged([self.spans(Cue.RESOLVED), figures]))
        self._keep_outside(Cue.AGAIN, figures)

    def _keep_outside(self, cue: Cue, others: Spans) -> None:
        self.cues[cue] = self.spans(cue).outside(others)

    def _number_parts(self) -> None:
        parts, scope = self.parts, self.rules.scope
        sentence = segment = 0
        for position, pause in enumerate(self.reading.pauses):
            sentence += pause == SENTENCE
            segment += pause > 0 or self.has(position, scope.joining_words)
            parts.sentence.append(sentence)
            parts.segment.append(segment)
        parts.segment_lengths = Counter(parts.segment)
        treatment = self.marked.where.get(scope.treatment, [])
        parts.with_treatment = frozenset(parts.segment[position] for position in treatment)
        parts.with_sign = frozenset(parts.segment[each.start] for each in self.found)
        now = self.spans(Cue.NOW).starts
        parts.with_now = frozenset(parts.segment[position] for position in now)

    def _says_it_is_happening(self) -> bool:
        """Someone says that it is going on: "I have that now", "it started an hour ago"."""
        claims = merged([self.spans(Cue.GENERAL), self.spans(Cue.HYPOTHETICAL)])
        claimed = _covered(len(self.reading), claims)
        return any(not any(claimed[start:end]) for start, end in self.spans(Cue.HAPPENING).spans)


def _covered(length: int, spans: Spans) -> list[bool]:
    covered = [False] * length
    for start, end in spans.spans:
        covered[start:end] = [True] * (end - start)
    return covered
