"""The decision: which approved answer fits a question, or why none may be given.

A question is compared with every approved variant and, in the same way, with
every example of a question that must be refused. An answer is given only when
its best variant is near enough, clearly nearer than any refusal example, and
when the answer's own words cover everything that the question names. Unsure
means refuse: a wrong answer costs more than a call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from careline.answers.engine.encoder import Encoder, Vectors
from careline.answers.engine.language import detect, profiles
from careline.answers.engine.lexical import LexicalIndex
from careline.answers.engine.model import (
    Decision,
    Evidence,
    Knowledge,
    RefusalKind,
)
from careline.answers.engine.reading import Reader, Reading, cues
from careline.answers.engine.text import pieces
from careline.answers.engine.vectors import VectorCache


@dataclass(frozen=True)
class Weights:
    """What the scores are made of and where the lines are drawn; scores run from 0 to 1."""

    meaning: float = 0.6
    small_word: float = 0.2
    other_language: float = 0.03
    frame_mismatch: float = 0.15
    other_drugs: float = 0.1
    answer_from: float = 0.62
    # Without an encoder only shared words count, and they have to count for more.
    answer_from_words_alone: float = 0.55
    margin: float = 0.03
    refusal_from: float = 0.5


@dataclass(frozen=True)
class Sample:
    """One variant or refusal example, read. Exactly one of `answer` and `kind` is set."""

    reading: Reading
    answer: str | None = None
    kind: RefusalKind | None = None


@dataclass(frozen=True)
class Covered:
    """What the words of one answer, in all languages, speak of."""

    drugs: frozenset[str]
    asked_drugs: frozenset[str]
    events: frozenset[str]
    targets: frozenset[str]
    outside: frozenset[str]


@dataclass(frozen=True)
class Match:
    """The best sample on one side."""

    score: float = 0.0
    sample: Sample | None = None


class Engine:
    """Decides questions over one state of the knowledge. Built once, then only read."""

    def __init__(
        self,
        knowledge: Knowledge,
        encoder: Encoder | None,
        cache: VectorCache | None = None,
        weights: Weights | None = None,
    ) -> None:
        self.reader = Reader(knowledge)
        self.encoder = encoder
        self.weights = weights or Weights()
        self.samples = [*self._variants(knowledge), *self._examples(knowledge)]
        self._words = LexicalIndex([sample.reading.keys for sample in self.samples])
        self._masses = np.array([self._mass(one.reading) for one in self.samples], np.float32)
        self._vectors = self._encode_samples(cache)
        self._covered = self._coverage(knowledge)
        self._known = self._vocabulary(knowledge)

    # --- building ---

    def _variants(self, knowledge: Knowledge) -> list[Sample]:
        return [
            Sample(self.reader.read(one.text, one.language), answer=one.answer)
            for one in knowledge.variants
        ]

    def _examples(self, knowledge: Knowledge) -> list[Sample]:
        return [
            Sample(self.reader.read(one.text, one.language), kind=one.kind)
            for one in knowledge.refusals
        ]

    def _encode_samples(self, cache: VectorCache | None) -> Vectors | None:
        if self.encoder is None:
            return None
        texts = [sample.reading.masked for sample in self.samples]
        return cache.encode(self.encoder, texts) if cache else self.encoder.encode(texts)

    def _coverage(self, knowledge: Knowledge) -> dict[str, Covered]:
        asked: dict[str, list[Reading]] = {}
        for sample in self.samples:
            if sample.answer is not None:
                asked.setdefault(sample.answer, []).append(sample.reading)
        said: dict[str, list[Reading]] = {key: [] for key in asked}
        for passage in knowledge.passages:
            reading = self.reader.read(passage.text, passage.language)
            for key in passage.answers:
                said.setdefault(key, []).append(reading)
        return {key: _covered(asked.get(key, []), said[key]) for key in said}

    def _vocabulary(self, knowledge: Knowledge) -> frozenset[str]:
        own = {key for sample in self.samples for key in sample.reading.keys}
        small = {
            word
            for profile in profiles().values()
            for word in profile.small_words | profile.telling_words
        }
        return frozenset(own | small)

    # --- deciding ---

    def decide(self, text: str, fallback_language: str) -> Decision:
        """Return what to do with a question. Never raises, whatever the text holds."""
        language = detect(text, fallback_language)
        parts = [self.reader.read(piece, language) for piece in pieces(text)]
        parts = [part for part in parts if part.keys]
        if not parts:
            return Decision(language, None, RefusalKind.NOT_COVERED, Evidence())
        whole = self.reader.read(text[:4000], language)
        hints = cues(text[:4000])
        tried = [self._match(part, whole, hints) for part in parts]
        answer, refusal = max(tried, key=lambda pair: max(pair[0].score, pair[1].score))
        return self._judge(whole, answer, refusal, hints)

    def _match(
        self, part: Reading, whole: Reading, hints: dict[RefusalKind, float]
    ) -> tuple[Match, Match]:
        """Return the best variant and the best refusal example for one piece."""
        scores = self._scores(part)
        for number, sample in enumerate(self.samples):
            if sample.answer is None:
                scores[number] += hints.get(sample.kind or RefusalKind.NOT_COVERED, 0.0)
            else:
                scores[number] -= self._misfit(part, whole, sample)
        answered = np.array([sample.answer is not None for sample in self.samples])
        return self._best(scores, answered), self._best(scores, ~answered)

    def _best(self, scores: Vectors, among: np.ndarray) -> Match:
        if not among.any():
            return Match()
        number = int(np.where(among, scores, -1.0).argmax())
        return Match(float(scores[number]), self.samples[number])

    def _scores(self, part: Reading) -> Vectors:
        """Return how near each sample is: by meaning and by shared words, 0 to 1."""
        shared = self._shared_words(part)
        if self.encoder is None or self._vectors is None:
            return shared
        meaning: Vectors = np.clip(self._vectors @ self.encoder.encode([part.masked])[0], 0, 1)
        weight = self.weights.meaning
        same = np.array([one.reading.language == part.language for one in self.samples])
        both = weight * meaning + (1 - weight) * shared
        across = np.maximum(both, meaning * 0.92 - self.weights.other_language)
        scores: Vectors = np.where(same, both, across).astype(np.float32)
        return scores

    def _shared_words(self, part: Reading) -> Vectors:
        """Return the weighted share of words in common (Dice), by how much a word tells."""
        common = np.zeros(len(self.samples), dtype=np.float32)
        for key in set(part.keys):
            weight = self._weight(key, part)
            common[self._words.texts_with(key)] += weight
        shares: Vectors = 2 * common / np.maximum(self._masses + self._mass(part), 1e-6)
        return shares

    def _mass(self, reading: Reading) -> float:
        return sum(self._weight(key, reading) for key in set(reading.keys))

    def _weight(self, key: str, reading: Reading) -> float:
        idf = self._words.idf(key)
        return idf * self.weights.small_word if key in reading.small else idf

    def _misfit(self, part: Reading, whole: Reading, sample: Sample) -> float:
        """Return what is taken from a variant that asks something else than the question."""
        reading = sample.reading
        drugs = part.drugs or whole.drugs
        if reading.drugs and not reading.drugs <= drugs:
            return 1.0
        if reading.targets and not reading.targets <= (part.targets or whole.targets):
            return 1.0
        missed = self.weights.other_drugs if drugs != reading.drugs else 0.0
        if (part.frames or reading.frames) and not part.frames & reading.frames:
            both = bool(part.frames and reading.frames)
            missed += self.weights.frame_mismatch * (1.0 if both else 0.5)
        return missed

    def _judge(
        self,
        whole: Reading,
        answer: Match,
        refusal: Match,
        hints: dict[RefusalKind, float],
    ) -> Decision:
        vetoes = self._vetoes(whole, answer)
        evidence = Evidence(
            answer=answer.sample.answer if answer.sample else None,
            answer_score=answer.score,
            variant=answer.sample.reading.text if answer.sample else "",
            refusal_score=refusal.score,
            example=refusal.sample.reading.text if refusal.sample else "",
            vetoes=tuple(sorted(vetoes)),
            cues=tuple(sorted(hints)),
        )
        if self._sure(answer, refusal) and not vetoes:
            return Decision(whole.language, evidence.answer, None, evidence)
        kind = self._why(refusal, vetoes, hints)
        return Decision(whole.language, None, kind, evidence)

    def _sure(self, answer: Match, refusal: Match) -> bool:
        weights = self.weights
        line = weights.answer_from if self.encoder else weights.answer_from_words_alone
        return answer.score >= line and answer.score - refusal.score >= weights.margin

    def _vetoes(self, whole: Reading, answer: Match) -> set[str]:
        """Return what the question names and the answer's words don't speak of."""
        if answer.sample is None or answer.sample.answer is None:
            return set(whole.outside)
        covered = self._covered[answer.sample.answer]
        vetoes = set(whole.outside - covered.outside)
        vetoes |= {drug for drug in whole.drugs if not self._speaks_of(drug, covered)}
        vetoes |= whole.targets - covered.targets
        if whole.events and not whole.events & covered.events:
            vetoes |= whole.events
        return vetoes

    def _speaks_of(self, drug: str, covered: Covered) -> bool:
        """A general answer serves a drug of the class; one on certain drugs only those."""
        if drug in covered.drugs or drug in covered.asked_drugs:
            return True
        return not covered.asked_drugs and self.reader.entities[drug].class_wide

    def _why(
        self, refusal: Match, vetoes: set[str], hints: dict[RefusalKind, float]
    ) -> RefusalKind:
        """Return the refusal that fits: the example's if near, else what was named, else none."""
        near = refusal.sample is not None and refusal.score >= self.weights.refusal_from
        named = {self.reader.refusal_for(key) for key in vetoes}
        if near and refusal.sample and refusal.sample.kind:
            if RefusalKind.OTHER_CONDITION in named and not hints:
                return RefusalKind.OTHER_CONDITION
            return refusal.sample.kind
        if RefusalKind.OTHER_CONDITION in named:
            return RefusalKind.OTHER_CONDITION
        return max(hints, key=lambda kind: hints[kind], default=RefusalKind.NOT_COVERED)


def _covered(asked: Sequence[Reading], said: Sequence[Reading]) -> Covered:
    everything = [*asked, *said]
    return Covered(
        drugs=_union(one.drugs for one in said),
        asked_drugs=_union(one.drugs for one in asked),
        events=_union(one.events for one in everything),
        targets=_union(one.targets for one in everything),
        outside=_union(one.outside for one in everything),
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
