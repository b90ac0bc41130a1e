"""What the engine knows and what it decides, as plain values."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalKind(StrEnum):
    """Why a question isn't answered. The values are part of the batch interface."""

    NOT_COVERED = "not_covered"
    OTHER_CONDITION = "other_condition"
    DOSE = "dose"
    PROGNOSIS = "prognosis"
    PERSONAL = "personal"
    COST = "cost"
    OFF_TOPIC = "off_topic"
    INSTRUCTIONS = "instructions"


class EntityKind(StrEnum):
    """What sort of thing a recognised name stands for."""

    DRUG = "drug"
    REGIMEN = "regimen"
    FORM = "form"
    TARGET = "target"
    EVENT = "event"
    CONDITION = "condition"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Entity:
    """A thing with names. `members` are the drugs of a regimen, or the drug of a form.

    `class_wide` says that what is true of the pack's whole class of medicines
    is true of this drug, so that a general answer of the same `pack` may serve a
    question about it.
    `refusal` is the reply when the chosen answer doesn't speak of it.
    """

    key: str
    kind: EntityKind
    names: tuple[str, ...]
    members: tuple[str, ...] = ()
    class_wide: bool = False
    refusal: RefusalKind = RefusalKind.NOT_COVERED
    pack: str = ""


@dataclass(frozen=True)
class Passage:
    """One approved sentence."""

    id: str
    language: str
    text: str
    page: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """One approved way of asking for an answer; `pack` is the answer's, empty for editors'."""

    answer: str
    language: str
    text: str
    pack: str = ""


@dataclass(frozen=True)
class RefusalExample:
    """One approved question that must be refused, and with which words."""

    kind: RefusalKind
    language: str
    text: str


@dataclass(frozen=True)
class Knowledge:
    """Everything approved at one content version."""

    passages: tuple[Passage, ...] = ()
    variants: tuple[Variant, ...] = ()
    refusals: tuple[RefusalExample, ...] = ()
    entities: tuple[Entity, ...] = ()
    conditions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Evidence:
    """Why: the best match on either side, and what was named but isn't covered."""

    answer: str | None = None
    answer_score: float = 0.0
    variant: str = ""
    refusal_score: float = 0.0
    example: str = ""
    vetoes: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    sure: float = 0.0


@dataclass(frozen=True)
class Decision:
    """Exactly one of `answer` (its key) and `refusal` is set.

    `also` are the answers to what was asked besides; `unanswered` is why what was asked besides
    has none.
    """

    language: str
    answer: str | None
    refusal: RefusalKind | None
    evidence: Evidence
    also: tuple[str, ...] = ()
    unanswered: RefusalKind | None = None
