"""An encoder behind one thread of its own, so that it never starves the live path.

Whoever encodes waits for that one thread, however many ask at once: encoding takes one core
at most. A long list goes through in small parts, so that a person's question waits for one
part, not for the building of an index. The thread keeps the usual priority: a slower one
that holds Python's lock would make the live path wait for it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from careline.answers.engine.encoder import MANY_TEXTS, Encoder, Vectors, WheelEncoder

_PART = 32


class PooledEncoder:
    """Another encoder, run on one thread of its own."""

    def __init__(self, inner: Encoder) -> None:
        self.inner = inner
        self.name = inner.name
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, as the inner encoder does."""
        if len(texts) <= _PART:
            return self._pool.submit(self.inner.encode, texts).result()
        parts = [texts[at : at + _PART] for at in range(0, len(texts), _PART)]
        vectors = [self._pool.submit(self.inner.encode, part).result() for part in parts]
        if len(texts) >= MANY_TEXTS and isinstance(self.inner, WheelEncoder):
            self._pool.submit(self.inner.rest).result()
        return np.concatenate(vectors)
