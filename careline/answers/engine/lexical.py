"""BM25 (Robertson and Zaragoza 2009) over a few thousand short texts, in numpy.

Terms are opaque strings; scores of one query are a vector over all texts.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

_NOWHERE = np.zeros(0, dtype=np.int32)
_K1 = 1.2
_B = 0.5  # The texts are all short; their length says little.


class LexicalIndex:
    """An inverted index that is built once and then only read."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.size = len(texts)
        lengths = np.array([len(text) for text in texts] or [0], dtype=np.float32)
        normal = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))
        postings: dict[str, list[tuple[int, int]]] = {}
        for number, text in enumerate(texts):
            for term, count in Counter(text).items():
                postings.setdefault(term, []).append((number, count))
        self._idf = {term: self._rarity(len(where)) for term, where in postings.items()}
        self._postings = {
            term: self._weigh(where, normal, self._idf[term]) for term, where in postings.items()
        }

    def _rarity(self, texts_with_term: int) -> float:
        return float(np.log(1 + (self.size - texts_with_term + 0.5) / (texts_with_term + 0.5)))

    @staticmethod
    def _weigh(
        where: list[tuple[int, int]], normal: Scores, idf: float
    ) -> tuple[npt.NDArray[np.int32], Scores]:
        numbers = np.array([number for number, _ in where], dtype=np.int32)
        counts = np.array([count for _, count in where], dtype=np.float32)
        weights = idf * counts * (_K1 + 1) / (counts + normal[numbers])
        return numbers, weights.astype(np.float32)

    def idf(self, term: str) -> float:
        """Return how much a term tells; a term that no text has tells as much as the rarest."""
        return self._idf.get(term, self._rarity(0))

    def knows(self, term: str) -> bool:
        """Return whether any text has the term."""
        return term in self._postings

    def texts_with(self, term: str) -> npt.NDArray[np.int32]:
        """Return the numbers of the texts that have the term."""
        return self._postings[term][0] if term in self._postings else _NOWHERE

    def scores(self, query: Sequence[str]) -> Scores:
        """Return the BM25 score of every text for these terms."""
        result = np.zeros(self.size, dtype=np.float32)
        for term in set(query):
            if term in self._postings:
                numbers, weights = self._postings[term]
                result[numbers] += weights
        return result
