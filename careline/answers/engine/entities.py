"""Recognising named things: exact names first, then, for drugs, a slip of the finger.

Names are compared as written and as stems, longest first. A misspelling is
accepted only for a drug, only in words of six letters or more, and only when no
other known drug is as near.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz.distance import OSA

from careline.answers.engine.language import profiles
from careline.answers.engine.model import Entity, EntityKind, RefusalKind
from careline.answers.engine.terms import Term, terms
from careline.answers.engine.text import words

LONGEST_NAME = 8
_SHORTEST_GUESS = 6
# A shorter stem is met in too many other words ("sal", salt, in "salieron").
_SHORTEST_STEM = 4
Name = tuple[str, ...]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Mention:
    """One recognised name: which things it may stand for, and where in the terms."""

    entities: tuple[Entity, ...]
    start: int
    end: int


class Recogniser:
    """Finds the names of known things in a list of terms.

    A word with one of `drug_endings` that is no known drug counts as an outside drug.
    `diseases` are folded names, met only as they are written.
    """

    def __init__(
        self,
        entities: Sequence[Entity],
        drug_endings: Sequence[str] = (),
        diseases: Collection[str] = (),
    ) -> None:
        self._endings = tuple(drug_endings)
        self._diseases = diseases
        self._written: dict[Name, list[Entity]] = {}
        self._stemmed: dict[tuple[str, Name], list[Entity]] = {}
        self._drug_words: dict[str, Entity] = {}
        # Most words begin no name: they are passed over by one look into this.
        self._first = {disease.split()[0] for disease in diseases}
        for entity in entities:
            for name in entity.names:
                self._add(entity, name)

    def _add(self, entity: Entity, name: str) -> None:
        typed = tuple(words(name))
        if not typed:
            return
        _put(self._written, typed, entity)
        self._first.add(typed[0])
        if len(typed) > 1 and len("".join(typed)) <= 6:
            _put(self._written, ("".join(typed),), entity)  # "PD-1" is also typed "pd1".
            self._first.add("".join(typed))
        for code in profiles():
            found = terms(name, code)
            _put(self._written, tuple(term.word for term in found), entity)
            stems = tuple(term.stem for term in found)
            self._first.update((found[0].word, stems[0]))
            if len("".join(stems)) >= _SHORTEST_STEM:
                _put(self._stemmed, (code, stems), entity)
        if entity.kind is EntityKind.DRUG and len(typed) == 1 and len(typed[0]) >= _SHORTEST_GUESS:
            self._drug_words.setdefault(typed[0], entity)

    def mentions(self, found: Sequence[Term], language: str) -> list[Mention]:
        """Return the names in these terms, left to right, longest first, not overlapping."""
        result: list[Mention] = []
        at = 0
        while at < len(found):
            mention = self._longest(found, at, language) or self._guess(found, at)
            if mention is None:
                at += 1
                continue
            result.append(mention)
            at = mention.end
        return result

    def _longest(self, found: Sequence[Term], at: int, language: str) -> Mention | None:
        if found[at].word not in self._first and found[at].stem not in self._first:
            return None
        for size in range(min(LONGEST_NAME, len(found) - at), 0, -1):
            span = found[at : at + size]
            entities = self._written.get(tuple(term.word for term in span))
            entities = entities or self._stemmed.get(
                (language, tuple(term.stem for term in span)), []
            )
            if entities:
                return Mention(tuple(entities), at, at + size)
            name = " ".join(term.word for term in span)
            if name in self._diseases:
                return Mention((_disease(name),), at, at + size)
        return None

    def _guess(self, found: Sequence[Term], at: int) -> Mention | None:
        word = found[at].word
        if len(word) < _SHORTEST_GUESS or found[at].small:
            return None
        entity = self._nearest_drug(word)
        if entity is None and self._endings and word.endswith(self._endings):
            entity = Entity(f"drug:{word}", EntityKind.OUTSIDE, (word,))
        return Mention((entity,), at, at + 1) if entity else None

    def _nearest_drug(self, word: str) -> Entity | None:
        allowed = 1 if len(word) < 9 else 2
        near = [
            (distance, entity)
            for name, entity in self._drug_words.items()
            if (distance := OSA.distance(word, name, score_cutoff=allowed)) <= allowed
        ]
        best = min((distance for distance, _ in near), default=0)
        nearest = {entity.key: entity for distance, entity in near if distance == best}
        return next(iter(nearest.values())) if len(nearest) == 1 else None


def _disease(name: str) -> Entity:
    kind = RefusalKind.OTHER_CONDITION
    return Entity(f"disease:{name}", EntityKind.OUTSIDE, (name,), refusal=kind)


def _put(table: dict[Key, list[Entity]], key: Key, entity: Entity) -> None:
    known = table.setdefault(key, [])
    if entity not in known:
        known.append(entity)
