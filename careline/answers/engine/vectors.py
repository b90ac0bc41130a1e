"""Vectors kept on disk by the hash of their text, so that a start doesn't encode again."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from careline.answers.engine.encoder import Encoder, Vectors


class VectorCache:
    """One file per encoder and set of texts; one that can't be read or written costs only time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def named(self, name: str) -> "VectorCache":
        """Return the cache of one of several sets of texts."""
        return VectorCache(self.folder / name)

    def encode(self, encoder: Encoder, texts: Sequence[str]) -> Vectors:
        """Return the texts' vectors, encoding only those that aren't kept yet.

        The file then holds exactly these texts: what left the content leaves the disk.
        """
        keys = [_key(text) for text in texts]
        kept = self._read(encoder)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
        fresh = encoder.encode(list(missing.values()))
        kept.update(zip(missing, fresh, strict=True))
        if keys and (missing or len(kept) > len(set(keys))):
            self._write(encoder, {key: kept[key] for key in keys})
        return np.stack([kept[key] for key in keys]) if keys else encoder.encode([])

    def _path(self, encoder: Encoder) -> Path:
        return self.folder / f"vectors-{encoder.name}.npz"

    def _read(self, encoder: Encoder) -> dict[str, Vectors]:
        try:
            with np.load(self._path(encoder), allow_pickle=False) as file:
                return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return {}

    def _write(self, encoder: Encoder, vectors: dict[str, Vectors]) -> None:
        """Write aside, then move into place: a reader never sees half a file."""
        aside = ""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, aside = tempfile.mkstemp(dir=self.folder, suffix=".npz")
            with os.fdopen(descriptor, "wb") as file:
                np.savez(file, keys=np.array(list(vectors)), vectors=np.stack([*vectors.values()]))
            Path(aside).replace(self._path(encoder))
        except OSError:
            Path(aside).unlink(missing_ok=True) if aside else None


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
