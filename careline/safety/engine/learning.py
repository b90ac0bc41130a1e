"""Learns the weights of a likeness from sentences whose level is known.

A linear model under a squared hinge loss, trained on all sentences at once: the same sentences
in the same order give the same weights. Nothing of this runs in production.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from careline.safety.engine.likeness import row_features, word_features

BUCKETS = 16_384
ROUNDS = 400
STEP = 0.05
SHRINK = 3e-5

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights as bytes, 128 for nothing; a weight is (byte - 128) * scale."""

    weights: bytes
    scale: float
    bias: float


@dataclass(frozen=True, slots=True)
class _Table:
    """Which sentence (row) has which bucket (column), and how much of it."""

    rows: Whole
    columns: Whole
    values: Floats
    sentences: int


def learn(
    sentences: Sequence[Sequence[str]], of_level: Sequence[bool], counts: Sequence[float]
) -> Learned:
    """Learn from sentences, each the list of its words; whether each is of the level.

    ``counts``: how much a sentence counts, as against the others.
    """
    table = _table(sentences)
    share = np.asarray(counts, dtype=np.float64)
    sides = np.where(np.asarray(of_level), 1.0, -1.0)
    weights, bias = _descend(table, sides, share / share.sum())
    scale = float(np.abs(weights).max()) / 127 or 1.0
    rounded = np.clip(np.round(weights / scale), -127, 127).astype(int) + 128
    return Learned(bytes(rounded.tolist()), scale, bias)


def _table(sentences: Sequence[Sequence[str]]) -> _Table:
    rows, columns, values = [], [], []
    for number, words in enumerate(sentences):
        found = [bucket for word in words for bucket in word_features(word, BUCKETS)]
        found += row_features(words, BUCKETS)
        counts = np.bincount(np.asarray(found, dtype=np.int64), minlength=1)
        present = np.nonzero(counts)[0]
        rows.append(np.full(len(present), number))
        columns.append(present)
        values.append(counts[present] / np.sqrt(max(len(found), 1)))
    return _Table(
        np.concatenate(rows), np.concatenate(columns), np.concatenate(values), len(sentences)
    )


def _descend(table: _Table, sides: Floats, share: Floats) -> tuple[Floats, float]:
    """Adam's method on the whole table; the last of the parameters is the bias."""
    parameters, mean, square = np.zeros(BUCKETS + 1), np.zeros(BUCKETS + 1), np.zeros(BUCKETS + 1)
    parameters[-1] = -1.0
    for turn in range(1, ROUNDS + 1):
        slope = _slope(table, parameters, sides, share)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope * slope
        size = np.sqrt(square / (1 - 0.999**turn)) + 1e-9
        parameters = parameters - STEP * (mean / (1 - 0.9**turn)) / size
    return parameters[:-1], float(parameters[-1])


def _slope(table: _Table, parameters: Floats, sides: Floats, share: Floats) -> Floats:
    weights, bias = parameters[:-1], parameters[-1]
    reached = weights[table.columns] * table.values
    sums = np.bincount(table.rows, weights=reached, minlength=table.sentences) + bias
    pull = -2 * sides * np.maximum(0, 1 - sides * sums) * share
    back = np.bincount(table.columns, weights=table.values * pull[table.rows], minlength=BUCKETS)
    return np.append(back + SHRINK * weights, pull.sum())
