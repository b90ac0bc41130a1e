"""Search over approved sentences: for "these may help", never for an answer."""

from collections.abc import Sequence

import numpy as np

from careline.answers.engine.encoder import Encoder, Vectors
from careline.answers.engine.lexical import LexicalIndex
from careline.answers.engine.model import Passage
from careline.answers.engine.terms import terms
from careline.answers.engine.text import fold, pieces
from careline.answers.engine.vectors import VectorCache

_MEANING = 0.6
# Below this a sentence has nothing to do with the text.
_NEAR = 0.25


class PassageIndex:
    """Ranks sentences of one language by shared words (BM25) and meaning, fused."""

    def __init__(
        self,
        passages: Sequence[Passage],
        encoder: Encoder | None,
        cache: VectorCache | None = None,
    ) -> None:
        self.passages = tuple(passages)
        self._encoder = encoder
        self._words = LexicalIndex([_keys(one.text, one.language) for one in passages])
        self._languages = np.array([one.language for one in passages] or [""])
        self._vectors = self._encode(cache)

    def _encode(self, cache: VectorCache | None) -> Vectors | None:
        if self._encoder is None:
            return None
        texts = [fold(one.text) for one in self.passages]
        return cache.encode(self._encoder, texts) if cache else self._encoder.encode(texts)

    def ids(self) -> set[str]:
        """Return the ids of everything that can be found."""
        return {one.id for one in self.passages}

    def nearest(self, text: str, language: str, limit: int) -> list[tuple[Passage, float]]:
        """Return the sentences in the language that fit the text, best first, with scores."""
        if not self.passages or limit <= 0:
            return []
        parts = pieces(text)
        if not parts:
            return []
        scores = np.max([self._scores(part, language) for part in parts], axis=0)
        scores = np.where(self._languages == language, scores, 0.0)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(self.passages[at], float(scores[at])) for at in best if scores[at] >= _NEAR]

    def _scores(self, part: str, language: str) -> Vectors:
        """Return scores from 0 to 1: BM25 as a share of the best, and the cosine."""
        words = self._words.scores(_keys(part, language))
        words /= max(float(words.max()), 1e-6)
        if self._encoder is None or self._vectors is None:
            return words
        meaning = self._vectors @ self._encoder.encode([fold(part)])[0]
        scores: Vectors = _MEANING * np.clip(meaning, 0, 1) + (1 - _MEANING) * words
        return scores


def _keys(text: str, language: str) -> list[str]:
    found = terms(text, language)
    return [term.stem for term in found if not term.small] or [term.stem for term in found]
