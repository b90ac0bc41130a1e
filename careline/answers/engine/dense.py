"""Vectors of up to millions of sentences, compared in milliseconds in little memory.

Each vector is kept twice: as one bit per dimension (is it above the corpus's mean?), in
memory, and in 8 bits per dimension, in a mapped file. A question's bits are compared with all
of them (Hamming distance, some 10 ms for a million on one core), and only the nearest are
compared again by their 8 bits. There is no graph to build, so adding is appending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from careline.answers.engine.encoder import Vectors

Bits = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Of the nearest by their bits, so many are compared again.
_TRIED = 1000
# Fits the processor's cache, and lets other threads have their turn between.
_BLOCK = 65_536


@dataclass(frozen=True)
class Packed:
    """Vectors in both forms. `bits` has one row for every 64 dimensions."""

    bits: Bits
    small: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]

    def save(self, stem: Path) -> None:
        """Write the forms beside each other; a reader knows of them once a manifest does."""
        np.save(stem.with_suffix(".bits.npy"), self.bits)
        np.save(stem.with_suffix(".small.npy"), self.small)
        np.save(stem.with_suffix(".scales.npy"), self.scales)

    @staticmethod
    def load(stem: Path) -> "Packed":
        """Read the bits; the 8-bit form stays in its file until it is needed."""
        return Packed(
            np.load(stem.with_suffix(".bits.npy"), mmap_mode="r"),
            np.load(stem.with_suffix(".small.npy"), mmap_mode="r"),
            np.load(stem.with_suffix(".scales.npy"), mmap_mode="r"),
        )


def pack(vectors: Vectors, mean: Vectors) -> Packed:
    """Return unit vectors in both forms."""
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=1e-6), 1e-6) / 127
    small = np.round(vectors / scales[:, None]).astype(np.int8)
    return Packed(bits_of(vectors, mean), small, scales.astype(np.float32))


def bits_of(vectors: Vectors, mean: Vectors) -> Bits:
    """Return one bit per dimension, packed; column i belongs to vector i."""
    above = vectors > mean
    above = np.pad(above, ((0, 0), (0, -above.shape[1] % 64)))
    packed = np.packbits(above, axis=1).view(np.uint64)
    return np.ascontiguousarray(packed.T)


class DenseIndex:
    """The vectors of all segments of a corpus, as one."""

    def __init__(self, parts: Sequence[Packed], mean: Vectors) -> None:
        self._mean = mean
        self._parts = [part.small for part in parts]
        self._scales = [part.scales for part in parts]
        self._starts = np.cumsum([0, *(part.bits.shape[1] for part in parts)])
        width = -(-len(mean) // 64)
        self._bits: Bits = (
            np.concatenate([part.bits for part in parts], axis=1)
            if parts
            else np.zeros((width, 0), dtype=np.uint64)
        )

    def nearest(self, vector: Vectors, wanted: Mask, limit: int) -> tuple[Rows, Vectors]:
        """Return the rows nearest to a unit vector among the wanted, best first, with cosines."""
        far = self._distances(vector)
        far[~wanted] = np.iinfo(np.uint16).max
        tried = min(_TRIED, int(wanted.sum()))
        if not tried:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        # By counting: distances are few, and sorting a million of them takes longer.
        reach = np.searchsorted(np.cumsum(np.bincount(far)), tried)
        rows = np.flatnonzero(far <= reach)[: 4 * _TRIED]
        cosines = self.cosines(vector, rows)
        best = np.argsort(-cosines, kind="stable")[:limit]
        return rows[best], cosines[best]

    def cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """Return the cosines of some rows, by their 8 bits."""
        result = np.zeros(len(rows), dtype=np.float32)
        owner = np.searchsorted(self._starts, rows, side="right") - 1
        for part in np.unique(owner):
            here = owner == part
            at = rows[here] - self._starts[part]
            close = self._parts[part][at].astype(np.float32) @ vector
            result[here] = close * self._scales[part][at]
        return result

    def _distances(self, vector: Vectors) -> npt.NDArray[np.uint16]:
        asked = bits_of(vector[None], self._mean)[:, 0]
        far = np.zeros(self._bits.shape[1], dtype=np.uint16)
        for start in range(0, len(far), _BLOCK):
            block = self._bits[:, start : start + _BLOCK]
            for column, bits in zip(block, asked, strict=True):
                far[start : start + _BLOCK] += np.bitwise_count(column ^ bits)
        return far
