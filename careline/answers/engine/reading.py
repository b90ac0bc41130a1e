"""Reading a question: its language, what it names, what it hints at, what form it takes.

Questions, variants and refusal examples are all read the same way, so that one
can be compared with another.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from careline.answers.engine import data
from careline.answers.engine.entities import Mention, Recogniser
from careline.answers.engine.model import Entity, EntityKind, Knowledge, RefusalKind
from careline.answers.engine.terms import Term, terms

# What stands for any of the content's drugs when whole questions are compared by meaning:
# which drug it is, is compared by name.
_MASK = {EntityKind.DRUG: "the medicine", EntityKind.REGIMEN: "the treatment"}


@dataclass(frozen=True)
class Reading:
    """One text as it is compared."""

    language: str
    text: str
    keys: tuple[str, ...]
    small: frozenset[str]
    masked: str
    drugs: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    frames: frozenset[str] = frozenset()


@dataclass
class Reader:
    """Reads texts in the light of what the content knows by name."""

    knowledge: Knowledge
    entities: dict[str, Entity] = field(default_factory=dict, init=False)
    _recogniser: Recogniser = field(init=False)

    def __post_init__(self) -> None:
        own = list(self.knowledge.entities)
        taken = {name.casefold() for entity in own for name in entity.names}
        others = [entity for entity in outside_entities() if entity.key not in taken]
        everything = [*own, *_without(others, taken)]
        self.entities = {entity.key: entity for entity in everything}
        self._recogniser = Recogniser(
            everything, data.table("outside")["endings"], frozenset(data.lines("diseases"))
        )

    def read(self, text: str, language: str) -> Reading:
        """Return the text as it is compared."""
        found = terms(text, language)
        mentions = self._recogniser.mentions(found, language)
        named = [entity for mention in mentions for entity in mention.entities]
        folded = " ".join(term.word for term in found)
        return Reading(
            language=language,
            text=text,
            keys=tuple(_keys(found, mentions)),
            small=frozenset(term.stem for term in found if term.small),
            masked=_masked(found, mentions),
            drugs=frozenset(_drugs(named)),
            targets=_of_kind(named, EntityKind.TARGET),
            events=_of_kind(named, EntityKind.EVENT),
            outside=self._outside(named),
            frames=frozenset(_frames(folded, language)),
        )

    def _outside(self, named: Iterable[Entity]) -> frozenset[str]:
        """Return what is named and isn't the content's own: every other thing and condition."""
        return frozenset(
            entity.key
            for entity in named
            if entity.kind is EntityKind.OUTSIDE
            or (entity.kind is EntityKind.CONDITION and entity.key not in self.knowledge.conditions)
        )

    def refusal_for(self, key: str) -> RefusalKind:
        """Return how a question is refused that names this uncovered thing."""
        if key.startswith("disease:"):
            return RefusalKind.OTHER_CONDITION
        entity = self.entities.get(key)
        return entity.refusal if entity else RefusalKind.NOT_COVERED


@lru_cache(maxsize=1)
def outside_entities() -> tuple[Entity, ...]:
    """Return what data/conditions.yaml and data/outside.yaml name."""
    return (*_conditions(), *_things())


def _conditions() -> Iterable[Entity]:
    for key, names in data.table("conditions").items():
        kind = RefusalKind.OTHER_CONDITION
        yield Entity(key, EntityKind.CONDITION, _all_names(names), refusal=kind)


def _things() -> Iterable[Entity]:
    for group, things in data.table("outside").items():
        if group != "endings":
            for key, names in things.items():
                yield Entity(key, EntityKind.OUTSIDE, _all_names(names))


def _all_names(names: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(name for listed in names.values() for name in listed)


def _without(entities: Iterable[Entity], taken: set[str]) -> Iterable[Entity]:
    """Leave out names that the content itself uses for something of its own."""
    for entity in entities:
        free = tuple(name for name in entity.names if name.casefold() not in taken)
        if free:
            yield Entity(entity.key, entity.kind, free, refusal=entity.refusal)


def _of_kind(named: Iterable[Entity], kind: EntityKind) -> frozenset[str]:
    return frozenset(entity.key for entity in named if entity.kind is kind)


def _drugs(named: Iterable[Entity]) -> Iterable[str]:
    for entity in named:
        if entity.kind is EntityKind.DRUG:
            yield entity.key
        yield from entity.members


def _keys(found: Sequence[Term], mentions: Sequence[Mention]) -> Iterable[str]:
    """Return what is counted: stems, and for the content's own things their keys."""
    inside: dict[int, Mention] = {}
    for mention in mentions:
        if any(entity.kind is not EntityKind.OUTSIDE for entity in mention.entities):
            inside.update(dict.fromkeys(range(mention.start, mention.end), mention))
    for at, term in enumerate(found):
        around = inside.get(at)
        if around is None:
            yield term.stem
        elif at == around.start:
            yield from sorted(_entity_keys(around.entities))


def _entity_keys(entities: Iterable[Entity]) -> set[str]:
    keys: set[str] = set()
    for entity in entities:
        keys |= {f"drug:{member}" for member in entity.members}
        if entity.kind is not EntityKind.REGIMEN:
            keys.add(f"{entity.kind.value}:{entity.key}")
    return keys


def _masked(found: Sequence[Term], mentions: Sequence[Mention]) -> str:
    words = [term.word for term in found]
    for mention in reversed(mentions):
        masks = [_MASK[entity.kind] for entity in mention.entities if entity.kind in _MASK]
        if masks:
            words[mention.start : mention.end] = [masks[0]]
    return " ".join(words)


@cache
def _patterns(name: str, group: str, language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in data.table(name)[group].get(language, ()))


def _frames(folded: str, language: str) -> Iterable[str]:
    return (
        group
        for group in data.table("frames")
        if any(one.search(folded) for one in _patterns("frames", group, language))
    )


def cues(text: str) -> dict[RefusalKind, float]:
    """Return the kinds of refusal that the words hint at, in any language, with their weights."""
    folded = " ".join(term.word for term in terms(text, ""))
    return {
        RefusalKind(kind): float(rules["weight"])
        for kind, rules in data.table("cues").items()
        if any(
            one.search(folded)
            for language in rules
            if language != "weight"
            for one in _patterns("cues", kind, language)
        )
    }
