"""Reading a question: its language, what it names, what it hints at, what form it takes.

Questions, variants and refusal examples are all read the same way, so that one
can be compared with another.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from careline.answers.engine import data
from careline.answers.engine.concepts import concepts
from careline.answers.engine.entities import Mention, Recogniser
from careline.answers.engine.language import profile_of
from careline.answers.engine.model import Entity, EntityKind, Knowledge, RefusalKind
from careline.answers.engine.terms import Term, stem, terms
from careline.answers.engine.text import fold, words

# A concept whose name begins so is a thing to want to know of its own.
ASKS = "concept:ask_"
# What is said beside the point often enough not to decide alone: these, and signs.
DOUBTS = ("ask", "event")
_MAYBE_ASKED = frozenset({f"{ASKS}quit", f"{ASKS}work_life", f"{ASKS}food"})
_NONE: frozenset[str] = frozenset()
_ASKED_FOR = {
    f"{ASKS}dose": RefusalKind.DOSE,
    f"{ASKS}pay": RefusalKind.COST,
    f"{ASKS}prognosis": RefusalKind.PROGNOSIS,
    f"{ASKS}decide": RefusalKind.PERSONAL,
}
# When whole questions are compared by meaning, "the medicine" stands for any drug of the content:
# which drug it is, is compared by name.
_MASKED = (EntityKind.DRUG, EntityKind.REGIMEN)


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as it is compared."""

    language: str
    text: str
    keys: tuple[str, ...]
    small: frozenset[str]
    masked: str
    drugs: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    frames: frozenset[str] = frozenset()
    framed: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()


@dataclass
class Reader:
    """Reads texts in the light of what the content knows by name."""

    knowledge: Knowledge
    entities: dict[str, Entity] = field(default_factory=dict, init=False)
    _recogniser: Recogniser = field(init=False)

    def __post_init__(self) -> None:
        own = [_widened(entity) for entity in self.knowledge.entities]
        own += _other_signs({entity.key for entity in own})
        taken = {name.casefold() for entity in own for name in entity.names}
        others = [entity for entity in outside_entities() if entity.key not in taken]
        everything = [*own, *_without(others, taken)]
        self.entities = {entity.key: entity for entity in everything}
        self._recogniser = Recogniser(
            everything, data.table("outside")["endings"], frozenset(data.lines("diseases"))
        )

    def read(self, text: str, language: str, context: "Reading | None" = None) -> Reading:
        """Return the text as it is compared.

        A part that names nothing itself ("and how often is it given?") takes
        over what its message, the `context`, names.
        """
        found = terms(_without_fillers(text, language), language)
        mentions = self._recogniser.mentions(found, language)
        if context is not None and context.text != text and not _names_own(mentions):
            stand_in = self._stand_in(context)
            if stand_in:
                return self.read(_put_in(found, stand_in, language), language)
        named = [entity for mention in mentions for entity in mention.entities]
        frames = _frames(" ".join(term.word for term in found), language)
        keys = tuple(_keys(found, mentions, language))
        return Reading(
            language=language,
            text=text,
            keys=keys,
            small=_few(term.stem for term in found if term.small),
            masked=_masked(found, mentions, language),
            drugs=_few(_drugs(named)),
            targets=_of_kind(named, EntityKind.TARGET),
            forms=_of_kind(named, EntityKind.FORM),
            events=_of_kind(named, EntityKind.EVENT),
            outside=self._outside(named),
            frames=_few(frames),
            asks=_few(key for key in keys if key.startswith(ASKS)),
            framed=_few(stem(word, language) for group in frames.values() for word in group),
        )

    def stands_in(self, text: str, language: str) -> bool:
        """Return whether the text names nothing of the content's own but says "it" or its like."""
        found = terms(text, language)
        if _names_own(self._recogniser.mentions(found, language)):
            return False
        return any(term.word in profile_of(language).stand_ins for term in found)

    def swapped(self, before: str, text: str, language: str) -> str:
        """Return the question before with the names of this text ("and Opdivo?") in its place.

        Empty where the text says more than names, or either names nothing of the content's own.
        """
        found, earlier = terms(text, language), terms(before, language)
        named = [one for one in self._recogniser.mentions(found, language) if _names_own([one])]
        spoken = {at for one in named for at in range(one.start, one.end)}
        light = data.table("followups")["lead_in"]
        more = [at for at, term in enumerate(found) if at not in spoken and term.word not in light]
        places = [one for one in self._recogniser.mentions(earlier, language) if _names_own([one])]
        if not named or more or not places:
            return ""
        told = [term.word for term in earlier]
        told[places[0].start : places[0].end] = [found[at].word for at in sorted(spoken)]
        return " ".join(told)

    def _stand_in(self, context: "Reading") -> str:
        """Return the first names of what the context is about."""
        about = sorted(context.drugs) + sorted(context.targets)
        return " ".join(self.entities[key].names[0] for key in about)

    def _outside(self, named: Iterable[Entity]) -> frozenset[str]:
        """Return what is named and isn't the content's own: every other thing and condition."""
        return _few(
            entity.key
            for entity in named
            if entity.kind is EntityKind.OUTSIDE
            or (entity.kind is EntityKind.CONDITION and entity.key not in self.knowledge.conditions)
        )

    def doubt(self, key: str) -> str:
        """Return which kind of doubt it is that an answer doesn't speak of this; "" where it may
        not be given at all."""
        entity = self.entities.get(key)
        if entity is not None and entity.kind is EntityKind.EVENT:
            return "event"
        return "ask" if key in _MAYBE_ASKED else ""

    def refusal_for(self, key: str) -> RefusalKind:
        """Return how a question is refused that names this uncovered thing."""
        if key.startswith("disease:"):
            return RefusalKind.OTHER_CONDITION
        if key in _ASKED_FOR:
            return _ASKED_FOR[key]
        entity = self.entities.get(key)
        return entity.refusal if entity else RefusalKind.NOT_COVERED


@lru_cache(maxsize=1)
def outside_entities() -> tuple[Entity, ...]:
    """Return what data/conditions.toml and data/outside.toml name."""
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


def _without_fillers(text: str, language: str) -> str:
    """Return the words without what asks nothing; all of them where nothing else was said."""
    told = " ".join(words(text))
    left = told
    for one in _fillers(language):
        left = one.sub(" ", left).strip()
    return left if len(left.split()) > 1 else told


@cache
def _fillers(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in data.table("fillers").get(language, ()))


def _widened(entity: Entity) -> Entity:
    """Return a side effect with more of the names that people give it."""
    if entity.kind is not EntityKind.EVENT:
        return entity
    table = data.table("events")
    more = _all_names(table.get(entity.key, {}))
    names = (name for name in (*entity.names, *more) if fold(name) not in table["not_alone"])
    return replace(entity, names=tuple(dict.fromkeys(names)))


def _other_signs(known: Collection[str]) -> Iterable[Entity]:
    """Return signs that the content doesn't list: an answer has to speak of them all the same."""
    for key, names in data.table("events").items():
        if key != "not_alone" and key not in known:
            yield Entity(key, EntityKind.EVENT, _all_names(names))


def _names_own(mentions: Iterable[Mention]) -> bool:
    """Return whether a drug, regimen, form or target of the content is named."""
    own = (EntityKind.DRUG, EntityKind.REGIMEN, EntityKind.TARGET, EntityKind.FORM)
    return any(entity.kind in own for mention in mentions for entity in mention.entities)


def _put_in(found: Sequence[Term], names: str, language: str) -> str:
    """Return the words with "it" and its like replaced by the names, else the names added."""
    standing = profile_of(language).stand_ins
    told = [term.word for term in found]
    places = [at for at, word in enumerate(told) if word in standing]
    if not places:
        return " ".join([*told, names])
    told[places[-1]] = names
    return " ".join(told)


def _few(items: Iterable[str]) -> frozenset[str]:
    """Return the set: thousands of readings share the empty one, which costs memory else."""
    return frozenset(items) or _NONE


def _of_kind(named: Iterable[Entity], kind: EntityKind) -> frozenset[str]:
    return _few(entity.key for entity in named if entity.kind is kind)


def _drugs(named: Iterable[Entity]) -> Iterable[str]:
    for entity in named:
        if entity.kind is EntityKind.DRUG:
            yield entity.key
        yield from entity.members


def _keys(found: Sequence[Term], mentions: Sequence[Mention], language: str) -> Iterable[str]:
    """Return what is counted: the keys of the content's own things, concepts, and stems."""
    places: dict[int, tuple[int, Iterable[str]]] = {}
    taken: set[int] = set()
    for mention in mentions:
        if any(entity.kind is not EntityKind.OUTSIDE for entity in mention.entities):
            taken.update(range(mention.start, mention.end))
            places[mention.start] = (mention.end, sorted(_entity_keys(mention.entities)))
    for start, end, concept in concepts().found(found, language, frozenset(taken)):
        places[start] = (end, (concept,))
    at = 0
    while at < len(found):
        at, keys = places.get(at, (at + 1, (found[at].stem,)))
        yield from keys


def _entity_keys(entities: Iterable[Entity]) -> set[str]:
    keys: set[str] = set()
    for entity in entities:
        keys |= {f"drug:{member}" for member in entity.members}
        if entity.kind is not EntityKind.REGIMEN:
            keys.add(f"{entity.kind.value}:{entity.key}")
    return keys


def _masked(found: Sequence[Term], mentions: Sequence[Mention], language: str) -> str:
    told = [term.word for term in found]
    for mention in reversed(mentions):
        if any(entity.kind in _MASKED for entity in mention.entities):
            told[mention.start : mention.end] = [profile_of(language).mask]
    return " ".join(told)


@cache
def _patterns(name: str, group: str, language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in data.table(name)[group].get(language, ()))


def _frames(folded: str, language: str) -> dict[str, list[str]]:
    """Return the frames of a question, each with the words that show it."""
    found: dict[str, list[str]] = {}
    for group in data.table("frames"):
        for one in _patterns("frames", group, language):
            for match in one.finditer(folded):
                found.setdefault(group, []).extend(match.group().split())
    return found


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
