"""The words of the safety department: levels, signs, assessments and care cards."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations


class Level(StrEnum):
    """How urgent a text is. The highest level that is found in a text wins."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    URGENT = "urgent"
    REPORT = "report"
    NONE = "none"

    @property
    def rank(self) -> int:
        """A number to compare levels by; the higher, the worse."""
        return _RANKS[self.value]

    @property
    def is_danger(self) -> bool:
        """Whether somebody may be in danger now: nothing is said to them before the care card."""
        return self in (Level.EMERGENCY, Level.CRISIS)

    @property
    def one_lower(self) -> "Level":
        """What a sign that is over counts as; a crisis is never lowered."""
        return _ONE_LOWER.get(self, self)


_RANKS = {"none": 0, "report": 1, "urgent": 2, "crisis": 3, "emergency": 4}
_ONE_LOWER = {
    Level.EMERGENCY: Level.URGENT,
    Level.URGENT: Level.REPORT,
    Level.REPORT: Level.NONE,
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that a rule found. ``start`` and ``end`` are offsets into the text as typed."""

    rule: str
    level: Level
    matched: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a text says about danger; ``signs`` are in falling order of level."""

    level: Level
    signs: tuple[Sign, ...]
    language: str
    rules_version: str

    @property
    def several_urgent(self) -> bool:
        """Two or more different urgent signs stand together: a specialist is told so.

        Signs whose words overlap are one: "a fever of 101" has a word and a number for it.
        """
        places: list[tuple[int, set[str]]] = []
        for sign in sorted(self.signs, key=lambda sign: sign.start):
            if sign.level.rank < Level.URGENT.rank:
                continue
            if places and sign.start < places[-1][0]:
                end, rules = places.pop()
                places.append((max(end, sign.end), rules | {sign.rule}))
            else:
                places.append((sign.end, {sign.rule}))
        return any(first[1].isdisjoint(other[1]) for first, other in combinations(places, 2))


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a person can do in one tap."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class CareCard:
    """What is shown first for a level, in one language."""

    level: Level
    language: str
    title: str
    lines: tuple[str, ...]
    actions: tuple[Action, ...]

    @property
    def text(self) -> str:
        """The card's words in reading order, for where nothing else can be shown."""
        return " ".join((f"{self.title.rstrip('.!')}.", *self.lines))
