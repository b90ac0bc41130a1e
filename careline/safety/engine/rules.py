"""A compiled rule set: what the engine works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from careline.safety.engine.lexicon import Lexicon
from careline.safety.engine.likeness import Likeness
from careline.safety.engine.patterns import Pattern
from careline.safety.engine.spelling import Spelling
from careline.safety.levels import Level


class Cue(StrEnum):
    """What a cue does to the signs near it. The rule file lists and explains them."""

    FIGURE = "figure"
    OTHER_THING = "other_thing"
    NOT_A_NEGATION = "not_a_negation"
    NEGATION = "negation"
    NEGATION_AFTER = "negation_after"
    GENERAL = "general"
    HYPOTHETICAL = "hypothetical"
    PERSONAL = "personal"
    HAPPENING = "happening"
    PAST = "past"
    HISTORY = "history"
    NOW = "now"
    AGAIN = "again"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Shift:
    """Another level for a sign that stands near one of these groups, within some words."""

    to: Level
    groups: tuple[int, ...]
    within: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One sign. ``raised`` outweighs ``lowered``; ``lasting``: it counts even when it is over."""

    key: str
    level: Level
    raised: Shift | None = None
    lowered: Shift | None = None
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Combo:
    """Signs that mean more together than alone: so many different ones of these."""

    key: str
    level: Level
    of: frozenset[str]
    at_least: int


@dataclass(frozen=True, slots=True)
class Scale:
    """A temperature scale: what is a fever, and what is slightly raised, in its degrees."""

    slight: float
    fever: float
    highest: float
    units: int


@dataclass(frozen=True, slots=True)
class Temperature:
    """How to read a number as a body temperature. Groups are numbers of the lexicon."""

    key: str
    level: Level
    slight_level: Level
    scales: tuple[Scale, ...]
    context: int
    degrees: int
    not_near: int
    not_after: int
    words_of: str


@dataclass(frozen=True, slots=True)
class Count:
    """How to read a number as how often something happened (stools in a day).

    With ``lead`` one of its words stands before the number; ``bare``: it needs no unit after it
    ("usually once a day, now 6").
    """

    key: str
    level: Level
    few_level: Level
    at_least: float
    units: int
    context: int
    unless: int
    blocked: int
    lead: int | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """How to read a number that a device shows: a sign from ``at_least`` up to ``below``."""

    key: str
    level: Level
    words: int
    at_least: float
    below: float


@dataclass(frozen=True, slots=True)
class NumberWords:
    """Numbers in words, of all languages, and the words that tie them together."""

    values: Mapping[str, float]
    joiner: frozenset[str]
    point: frozenset[str]
    half: frozenset[str]
    oh: frozenset[str]
    hundred: frozenset[str]
    one: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """Groups that the scope of a cue may or may not run through."""

    transparent: int
    list_words: int
    list_closers: int
    present: int
    past_verbs: int
    clause_words: int
    joining_words: int
    treatment: int
    negators: int
    oneself: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """A pattern and what it means: a rule's key, or a cue."""

    pattern: Pattern
    rule: str | None
    cue: Cue | None
    negative: bool


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that ``judge`` needs; immutable apart from its memories of words."""

    version: str
    demonstration: bool
    languages: Mapping[str, frozenset[str]]
    number_words: NumberWords
    lexicon: Lexicon
    spelling: Spelling
    rules: Mapping[str, Rule]
    patterns: Mapping[int, tuple[Indexed, ...]]
    combos: tuple[Combo, ...]
    temperature: Temperature | None
    counts: tuple[Count, ...]
    measures: tuple[Measure, ...]
    likenesses: tuple[Likeness, ...]
    scope: Scope
