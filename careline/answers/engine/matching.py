"""How near a question is to every approved variant and every refusal example.

A sample's score, from 0 to 1, is a weighted sum of nearness in meaning (cosine
of the encoder's vectors, the content's drug names masked) and of shared words
(Dice, each word weighted by how much it tells), less what doesn't fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from careline.answers.engine.encoder import Encoder, Vectors
from careline.answers.engine.lexical import LexicalIndex
from careline.answers.engine.model import RefusalKind
from careline.answers.engine.reading import Reading
from careline.answers.engine.vectors import VectorCache

Floats = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]

# Further ones are never looked at.
_MOST_RANKED = 20


@dataclass(frozen=True)
class Weights:
    """What the scores are made of."""

    meaning: float = 0.6
    small_word: float = 0.2
    # Which drug it is, is settled by what fits; here a name counts as a word among others.
    drug_name: float = 1.0
    # Shared words are weighed against those that only one of both has (Tversky 1977).
    only_sample: float = 0.6
    only_asked: float = 0.4
    # A second variant of the same answer that is near as well speaks for the answer.
    second: float = 0.2
    other_language: float = 0.1
    frame_mismatch: float = 0.14
    frame_asked: float = 0.25
    frame_missing: float = 0.05
    same_frame: float = 0.09
    same_event: float = 0.19
    # For what the question says and neither the answer nor its variants ever do.
    unaccounted: float = 0.16
    # About one telling word: keeps a short question from hanging on a single one.
    steady: float = 8.0
    other_drugs: float = 0.08
    no_drugs: float = 0.02
    # What only the sample wants to know: a dose, a price, whether to stop.
    other_asks: float = 0.15
    other_events: float = 0.1


@dataclass(frozen=True, slots=True)
class Sample:
    """One variant or refusal example, read. Exactly one of `answer` and `kind` is set.

    Of a `general` one it doesn't matter which drug of the class is named.
    """

    reading: Reading
    answer: str | None = None
    kind: RefusalKind | None = None
    general: bool = False

    @property
    def label(self) -> str:
        """What the sample speaks for."""
        return self.answer if self.answer is not None else str(self.kind)


@dataclass(frozen=True, slots=True)
class Match:
    """The best sample for one answer or one kind of refusal, and how near it is.

    `score` is what they are ranked by. `meaning` is the nearest cosine of any of the label's
    samples; `shared` (words) and `misfit` are the best sample's own; `second` is the score of the
    label's next sample.
    """

    score: float = 0.0
    sample: Sample | None = None
    meaning: float = 0.0
    shared: float = 0.0
    misfit: float = 0.0
    second: float = 0.0


@dataclass(frozen=True, slots=True)
class Compared:
    """A question against all samples: one number for each, in the matcher's order."""

    scores: Floats
    meaning: Floats
    shared: Floats
    misfits: Floats


# What has to fit, sample by sample; many samples share it.
_Marks = tuple[frozenset[str], ...]
_GENERAL = frozenset({"general"})


def _marks(sample: Sample) -> _Marks:
    reading = sample.reading
    named = reading.targets | reading.forms | reading.outside
    drugs = frozenset[str]() if sample.general else reading.drugs
    about = _GENERAL if sample.general else frozenset[str]()
    return (drugs, named, reading.forms, reading.events, reading.frames, reading.asks, about)


def _counted(sample: Sample) -> Sequence[str]:
    """Return the keys that count: of a general sample, no drug's."""
    if not sample.general:
        return sample.reading.keys
    return [key for key in sample.reading.keys if not key.startswith("drug:")]


class Matcher:
    """Compares questions with one set of samples. Built once, then only read."""

    def __init__(
        self,
        samples: Sequence[Sample],
        encoder: Encoder | None,
        cache: VectorCache | None,
        weights: Weights,
    ) -> None:
        self.samples = sorted(samples, key=lambda sample: sample.label)
        self.weights = weights
        self._vectors, self._row_of = self._encode(encoder, cache)
        self._words = LexicalIndex([_counted(sample) for sample in self.samples])
        self._masses = np.array(
            [self._mass(_counted(one), one.reading) for one in self.samples], np.float32
        )
        self._general = np.array([one.general for one in self.samples], np.float32)
        self._languages = np.array([one.reading.language for one in self.samples] or [""])
        labels = [sample.label for sample in self.samples]
        starts = [at for at in range(len(labels)) if at == 0 or labels[at - 1] != labels[at]]
        self._starts = np.array(starts, dtype=np.int64)
        self._group_of = np.searchsorted(self._starts, np.arange(len(labels)), side="right") - 1
        marks = [_marks(sample) for sample in self.samples]
        self._distinct = list(dict.fromkeys(marks))
        numbers = {mark: number for number, mark in enumerate(self._distinct)}
        self._mark_of = np.array([numbers[mark] for mark in marks], dtype=np.int32)

    def _encode(
        self, encoder: Encoder | None, cache: VectorCache | None
    ) -> tuple[Vectors | None, Rows]:
        """Return the vectors, and which sample has which: with names masked, many share one."""
        texts = [sample.reading.masked for sample in self.samples]
        rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        row_of = np.array([rows[text] for text in texts], dtype=np.int32)
        if encoder is None:
            return None, row_of
        vectors = cache.encode(encoder, list(rows)) if cache else encoder.encode(list(rows))
        return vectors, row_of

    @property
    def vectors(self) -> Vectors | None:
        """The samples' vectors, in their order."""
        return None if self._vectors is None else self._vectors[self._row_of]

    def compared(self, part: Reading, whole: Reading, vector: Vector | None) -> Compared:
        """Return how near each sample is; `vector` is of the part's masked text.

        Without a vector, only words are compared.
        """
        near, meaning, shared = self._near(part, vector)
        misfits = self._misfits(part, whole)
        return Compared(near - misfits, meaning, shared, misfits)

    def ranked(self, found: Compared) -> list[Match]:
        """Return the best match of the nearest answers or kinds, best first."""
        if not self.samples:
            return []
        scores = found.scores.copy()
        best = np.maximum.reduceat(scores, self._starts)
        firsts = np.flatnonzero(scores == best[self._group_of])
        firsts = firsts[np.unique(self._group_of[firsts], return_index=True)[1]]
        scores[firsts] = 0.0
        second = np.maximum(np.maximum.reduceat(scores, self._starts), 0.0)
        meaning = np.maximum.reduceat(found.meaning, self._starts)
        share = self.weights.second
        both = (1 - share) * best + share * second
        order = np.argsort(-both, kind="stable")[:_MOST_RANKED]
        return [
            Match(
                score=float(both[at]),
                sample=self.samples[firsts[at]],
                meaning=float(meaning[at]),
                shared=float(found.shared[firsts[at]]),
                misfit=float(found.misfits[firsts[at]]),
                second=float(second[at]),
            )
            for at in order
        ]

    def nearest(self, found: Compared, count: int) -> list[tuple[float, str]]:
        """Return the scores and labels of so many nearest samples, in no order."""
        if not self.samples:
            return []
        count = min(count, len(self.samples))
        rows = np.argpartition(-found.scores, count - 1)[:count]
        return [(float(found.scores[row]), self.samples[row].label) for row in rows]

    # --- nearness ---

    def _near(self, part: Reading, vector: Vector | None) -> tuple[Floats, Floats, Floats]:
        """Return how near each sample is, 0 to 1: in all, by meaning, by shared words."""
        shared = self._shared_words(part)
        if vector is None or self._vectors is None:
            return shared, np.zeros_like(shared), shared
        meaning: Floats = np.clip(self._vectors @ vector, 0, 1)[self._row_of]
        weight = self.weights.meaning
        both = weight * meaning + (1 - weight) * shared
        across = np.maximum(both, meaning * 0.92 - self.weights.other_language)
        scores: Floats = np.where(self._languages == part.language, both, across)
        return scores.astype(np.float32), meaning, shared

    def _shared_words(self, part: Reading) -> Floats:
        common = np.zeros(len(self.samples), dtype=np.float32)
        for key in set(part.keys):
            common[self._words.texts_with(key)] += self._weight(key, part)
        drugs = [key for key in part.keys if key.startswith("drug:")]
        mass = self._mass(part.keys, part) - self._general * self._mass(drugs, part)
        ours, theirs = self.weights.only_sample, self.weights.only_asked
        rest = ours * (self._masses - common) + theirs * (mass - common)
        shares = common / np.maximum(common + np.maximum(rest, 0), 1e-6)
        return np.minimum(shares, 1.0).astype(np.float32)

    def unaccounted(self, part: Reading, vocabulary: frozenset[str]) -> float:
        """Return the weighted share of the question's words that aren't in the vocabulary."""
        light = part.small | part.framed
        told = {key: self._words.idf(key) for key in part.keys if key not in light}
        missing = sum(weight for key, weight in told.items() if key not in vocabulary)
        return missing / (sum(told.values()) + self.weights.steady + 1e-6)

    def _mass(self, keys: Sequence[str], reading: Reading) -> float:
        return sum(self._weight(key, reading) for key in set(keys))

    def _weight(self, key: str, reading: Reading) -> float:
        idf = self._words.idf(key)
        if key.startswith("drug:"):
            return idf * self.weights.drug_name
        return idf * self.weights.small_word if key in reading.small else idf

    # --- what doesn't fit ---

    def _misfits(self, part: Reading, whole: Reading) -> Floats:
        asked = (
            part.drugs or whole.drugs,
            whole.targets | whole.forms | whole.outside,
            part.forms or whole.forms,
            part.events or whole.events,
            part.frames,
            part.asks | whole.asks,
        )
        each = np.array([self._misfit(asked, mark) for mark in self._distinct], dtype=np.float32)
        taken: Floats = each[self._mark_of]
        return taken

    def _misfit(self, asked: _Marks, sample: _Marks) -> float:
        """Return what is taken from a sample that asks something else; below 0, what is added."""
        drugs, named, forms, events, frames, asks, general = sample
        if not (drugs <= asked[0] and named <= asked[1]):
            return 1.0
        if events and asked[3] and not events & asked[3]:
            return 1.0
        missed = 0.0
        if general:
            missed += self.weights.other_drugs if forms != asked[2] else 0.0
        elif (drugs, forms) != (asked[0], asked[2]):
            missed += self.weights.other_drugs if drugs or forms else self.weights.no_drugs
        missed += self.weights.other_events if bool(events) != bool(asked[3]) else 0.0
        if (frames or asked[4]) and not frames & asked[4]:
            missed += self._frame_misfit(frames, asked[4])
        elif frames and drugs and drugs == asked[0]:
            missed -= self.weights.same_frame
        if events & asked[3]:
            missed -= self.weights.same_event
        if asks - asked[5]:
            missed += self.weights.other_asks
        return missed

    def _frame_misfit(self, sample: frozenset[str], asked: frozenset[str]) -> float:
        """How often, how long, how many: what is asked for outright has to be answered."""
        if sample and asked:
            return self.weights.frame_mismatch
        return self.weights.frame_asked if asked else self.weights.frame_missing
