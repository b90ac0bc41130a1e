"""Which answer or refusal a question is for, learnt from all approved ways of asking at once.

Nearness to single variants misses what several of them tell together. This is a multinomial
logistic regression over the encoder's vector and the hashed words and pairs of words of a
question. It is fitted when the index is built, from approved variants and refusal examples only,
always in the same order and from the same start, so equal content gives equal answers.
"""

import hashlib
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from careline.answers.engine.encoder import Vectors
from careline.answers.engine.reading import Reading

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

BUCKETS = 4096
_BATCH = 1024
_ROUNDS = 8
_RATE = 0.07
_RIDGE = 1e-5
_SMALL = 0.35
_PAIR = 0.6
_SMALL_PAIR = 0.3


def counted(reading: Reading) -> Iterator[tuple[str, float]]:
    """Yield the words and pairs of words of a question, each with its weight."""
    small = reading.small
    for key in reading.keys:
        yield key, _SMALL if key in small else 1.0
    for one, other in zip(reading.keys, reading.keys[1:], strict=False):
        light = one in small and other in small
        yield f"{one}|{other}", _SMALL_PAIR if light else _PAIR


@dataclass(frozen=True)
class Words:
    """The words of many questions: row, bucket and value of each, sorted by row."""

    rows: Ints
    buckets: Ints
    values: Floats

    def batch(self, chosen: Ints) -> "Words":
        """Return the words of some rows, renumbered in their order."""
        starts = np.searchsorted(self.rows, chosen)
        ends = np.searchsorted(self.rows, chosen, side="right")
        places = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
        rows = np.repeat(np.arange(len(chosen)), ends - starts)
        return Words(rows, self.buckets[places], self.values[places])


class Classifier:
    """Tells how likely a question is for each label. Built once, then only read."""

    def __init__(
        self,
        readings: Sequence[Reading],
        labels: Sequence[str],
        vectors: Vectors,
        folder: Path | None = None,
    ) -> None:
        """Fit it, or read the weights of equal content from the folder."""
        self.labels = sorted(set(labels))
        numbers = {label: number for number, label in enumerate(self.labels)}
        targets = np.array([numbers[label] for label in labels], dtype=np.int64)
        told = Counter(key for one in readings for key in {key for key, _ in counted(one)})
        self._rarity = {key: float(np.log(1 + len(readings) / (1 + n))) for key, n in told.items()}
        self._unknown = float(np.log(1 + len(readings)))
        words = self._words(readings)
        kept = _Kept(folder, vectors, words, targets)
        self._dense, self._sparse = kept.read() or kept.write(
            *_fitted(vectors, words, targets, len(self.labels))
        )

    def _words(self, readings: Sequence[Reading]) -> Words:
        rows: list[int] = []
        buckets: list[int] = []
        values: list[float] = []
        for row, reading in enumerate(readings):
            found = self._hashed(reading)
            rows += [row] * len(found)
            buckets += found
            values += found.values()
        return Words(
            np.array(rows, dtype=np.int64),
            np.array(buckets, dtype=np.int64),
            np.array(values, dtype=np.float32),
        )

    def _hashed(self, reading: Reading) -> dict[int, float]:
        """Return the weights of a question's buckets, of length 1 together."""
        found: dict[int, float] = {}
        for key, weight in counted(reading):
            bucket = zlib.crc32(key.encode()) % BUCKETS
            rarity = self._rarity.get(key, self._unknown)
            found[bucket] = found.get(bucket, 0.0) + weight * rarity
        length = sum(value * value for value in found.values()) ** 0.5 or 1.0
        return {bucket: value / length for bucket, value in found.items()}

    def likely(self, reading: Reading, vector: Floats) -> dict[str, float]:
        """Return how likely each label is; together 1."""
        found = self._hashed(reading)
        totals = vector @ self._dense
        if found:
            values = np.array(list(found.values()), dtype=np.float32)
            totals = totals + values @ self._sparse[list(found)]
        shares = np.exp(totals - totals.max())
        shares /= shares.sum()
        return dict(zip(self.labels, shares.tolist(), strict=True))


class _Kept:
    """Weights on disk, by a hash of all they were fitted to; what can't be kept costs only time."""

    def __init__(self, folder: Path | None, *fitted_to: Vectors | Words | Ints) -> None:
        told = hashlib.sha256(repr((BUCKETS, _BATCH, _ROUNDS, _RATE, _RIDGE)).encode())
        for one in fitted_to:
            parts = (one.rows, one.buckets, one.values) if isinstance(one, Words) else (one,)
            for part in parts:
                told.update(np.ascontiguousarray(part).tobytes())
        self._path = folder / "classifier.npz" if folder is not None else None
        self._name = told.hexdigest()

    def read(self) -> tuple[Floats, Floats] | None:
        """Return the weights; None where others are kept, or none."""
        if self._path is None:
            return None
        try:
            with np.load(self._path, allow_pickle=False) as file:
                if str(file["name"]) == self._name:
                    return file["dense"], file["sparse"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
        return None

    def write(self, dense: Floats, sparse: Floats) -> tuple[Floats, Floats]:
        """Keep the weights, aside first: a reader never sees half a file. Return them."""
        if self._path is None:
            return dense, sparse
        aside = ""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, aside = tempfile.mkstemp(dir=self._path.parent, suffix=".npz")
            with os.fdopen(descriptor, "wb") as file:
                np.savez(file, name=np.array(self._name), dense=dense, sparse=sparse)
            Path(aside).replace(self._path)
        except OSError:
            Path(aside).unlink(missing_ok=True) if aside else None
        return dense, sparse


def _fitted(vectors: Vectors, words: Words, targets: Ints, count: int) -> tuple[Floats, Floats]:
    """Return the weights of the vectors and of the buckets."""
    dense = _Fitted(vectors.shape[1], count)
    sparse = _Fitted(BUCKETS, count)
    often = np.bincount(targets, minlength=count)
    weights = (1 / np.sqrt(often[targets])).astype(np.float32)
    weights /= weights.mean()
    order = np.random.default_rng(0).permutation(len(targets))
    parts = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
    batches = [(part, words.batch(part)) for part in parts]
    for done in range(_ROUNDS):
        rate = _RATE * (1 - done / _ROUNDS)
        for part, told in batches:
            wrong = _wrong(vectors[part] @ dense.weights + _summed(told, sparse.weights, len(part)))
            wrong[np.arange(len(part)), targets[part]] -= 1
            wrong *= weights[part, None] / len(part)
            dense.step(vectors[part].T @ wrong, rate)
            sparse.step(_spread(told, wrong), rate)
    return dense.weights, sparse.weights


def _wrong(totals: Floats) -> Floats:
    shares = np.exp(totals - totals.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    result: Floats = shares.astype(np.float32)
    return result


def _summed(words: Words, weights: Floats, count: int) -> Floats:
    """Return the words' weights, summed row by row."""
    result = np.zeros((count, weights.shape[1]), dtype=np.float32)
    if len(words.rows):
        each = weights[words.buckets] * words.values[:, None]
        starts = np.flatnonzero(np.diff(words.rows, prepend=-1))
        result[words.rows[starts]] = np.add.reduceat(each, starts, axis=0)
    return result


def _spread(words: Words, wrong: Floats) -> Floats:
    """Return what the rows' errors say of each bucket."""
    result = np.zeros((BUCKETS, wrong.shape[1]), dtype=np.float32)
    if len(words.rows):
        order = np.argsort(words.buckets, kind="stable")
        buckets = words.buckets[order]
        each = wrong[words.rows[order]] * words.values[order, None]
        starts = np.flatnonzero(np.diff(buckets, prepend=-1))
        result[buckets[starts]] = np.add.reduceat(each, starts, axis=0)
    return result


class _Fitted:
    """Weights that are stepped towards fewer errors (Adam, Kingma and Ba 2015)."""

    def __init__(self, height: int, width: int) -> None:
        self.weights: Floats = np.zeros((height, width), dtype=np.float32)
        self._first = np.zeros_like(self.weights)
        self._second = np.zeros_like(self.weights)
        self._steps = 0

    def step(self, slope: Floats, rate: float) -> None:
        """Go one step down the slope, not over it."""
        slope = slope + _RIDGE * self.weights
        self._steps += 1
        self._first += 0.1 * (slope - self._first)
        self._second += 0.01 * (slope * slope - self._second)
        first = self._first / (1 - 0.9**self._steps)
        second = self._second / (1 - 0.99**self._steps)
        self.weights -= np.float32(rate) * first / (np.sqrt(second) + 1e-6)
