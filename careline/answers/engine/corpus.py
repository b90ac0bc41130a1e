"""A search index over hundreds to a million sentences, kept in files, changed by differences.

A sentence's id stands for its words, so what is new is encoded once and what is gone is
struck. Sentences lie in segments; the manifest names them, and replacing the manifest (one
rename) is what makes a change visible: all of it or nothing. Readers keep what they have
loaded. The index says what is near, never what may be shown: that is asked of the
database at the moment of the answer.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from careline.answers.engine.dense import DenseIndex, Packed, Rows, pack
from careline.answers.engine.encoder import Encoder, Vectors
from careline.answers.engine.terms import terms
from careline.answers.engine.text import pieces
from careline.answers.engine.word_index import WordIndex

FORMAT = 1
# So many sentences are encoded and written at a time; it bounds the builder's memory.
SEGMENT = 20_000
# The mean that vectors are compared with is taken from so many.
_SAMPLE = 2_000
# More segments than this are joined into one.
_MOST_SEGMENTS = 64
# Each side proposes so many, then all of them are scored by both.
_PROPOSED = 100
_MEANING = 0.75


@dataclass(frozen=True)
class Entry:
    """One sentence or passage. `group` is what it belongs to: its page, its document."""

    id: str
    group: str
    language: str
    text: str


@dataclass(frozen=True)
class Hit:
    """Something near, with a score from 0 to 1."""

    id: str
    group: str
    score: float


@dataclass(frozen=True)
class Manifest:
    """What the index consists of."""

    encoder: str
    segments: tuple[str, ...] = ()
    struck: str = ""
    version: int = 0


Names = npt.NDArray[np.bytes_]


@dataclass
class Segment:
    """The sentences of one segment: ids, groups and languages as bytes, vectors packed."""

    ids: Names
    groups: Names
    languages: Names
    vectors: Packed | None = field(repr=False)


class Corpus:
    """A loaded index: consistent in itself, whatever is written meanwhile."""

    def __init__(self, folder: Path, encoder: Encoder | None) -> None:
        """Load what the manifest names; an index of another encoder counts as empty."""
        self.folder = folder
        self._encoder = encoder
        self.manifest, segments = _load_all(folder, encoder)
        self._ids = _joined([one.ids for one in segments])
        self._groups = [one.groups for one in segments]
        self._starts = np.cumsum([0, *(len(one.ids) for one in segments)])
        self._languages = _joined([one.languages for one in segments])
        self._alive = np.ones(len(self._ids), dtype=np.bool_)
        if self.manifest.struck:
            self._alive[np.load(folder / self.manifest.struck)] = False
        self._spoken = {
            language: self._alive & (self._languages == language)
            for language in set(self._languages.tolist())
        }
        # Without segments there may be no folder yet, or one that is being made.
        self._words = WordIndex(folder / "words") if segments else None
        packed = [one.vectors for one in segments if one.vectors is not None]
        self._dense = DenseIndex(packed, np.load(folder / "mean.npy")) if packed else None

    def __len__(self) -> int:
        return int(self._alive.sum())

    def ids(self) -> set[str]:
        """Return the ids of everything that can be found."""
        return {each.decode() for each in self._ids[self._alive].tolist()}

    def nearest(self, text: str, language: str, limit: int) -> list[Hit]:
        """Return the sentences in the language that fit the text, best first."""
        rows, scores = self._ranked(text, language)
        best = np.argsort(-scores, kind="stable")[: max(limit, 0)]
        return [self._hit(rows[at], scores[at]) for at in best]

    def nearest_groups(self, text: str, language: str, limit: int) -> list[Hit]:
        """Return the groups that fit best, each by its best sentence, best first."""
        rows, scores = self._ranked(text, language)
        hits: dict[str, Hit] = {}
        for at in np.argsort(-scores, kind="stable"):
            hit = self._hit(rows[at], scores[at])
            hits.setdefault(hit.group, hit)
            if len(hits) >= limit:
                break
        return list(hits.values())

    def _hit(self, row: Any, score: Any) -> Hit:
        part = int(np.searchsorted(self._starts, row, side="right")) - 1
        group = self._groups[part][row - self._starts[part]]
        return Hit(self._ids[row].decode(), group.decode(), float(score))

    # --- scoring ---

    def _ranked(self, text: str, language: str) -> tuple[Rows, Vectors]:
        """Return the rows that either side proposes, with both sides' scores fused."""
        wanted = self._spoken.get(language.encode())
        asked = " ".join(pieces(text)[:1])
        if wanted is None or self._words is None or not asked:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        by_words, shared = self._by_words(self._words, asked, language)
        if self._dense is None or self._encoder is None:
            return by_words, shared
        vector = self._encoder.encode([prompt_of(self._encoder) + asked])[0]
        by_meaning, _cosines = self._dense.nearest(vector, wanted, _PROPOSED)
        rows = np.union1d(by_words, by_meaning)
        words = np.zeros(len(rows), dtype=np.float32)
        words[np.searchsorted(rows, by_words)] = shared
        meaning = _stretched(self._dense.cosines(vector, rows))
        scores: Vectors = _MEANING * meaning + (1 - _MEANING) * words
        return rows, scores

    def _by_words(self, index: WordIndex, text: str, language: str) -> tuple[Rows, Vectors]:
        """Return living rows that share words, with their BM25 as a share of the best."""
        rows, scores = index.nearest(keys(text, language), language, _PROPOSED)
        # The words' files may be a moment newer than what was loaded here.
        known = rows < len(self._alive)
        rows, scores = rows[known], scores[known]
        living = self._alive[rows]
        rows, scores = rows[living], scores[living]
        order = np.argsort(rows)
        return rows[order], scores[order] / max(float(scores.max(initial=0)), 1e-6)


def keys(text: str, language: str) -> list[str]:
    """Return the stems that a text is found by: without small words, unless it has no others."""
    found = terms(text, language)
    return [term.stem for term in found if not term.small] or [term.stem for term in found]


def prompt_of(encoder: Encoder) -> str:
    """Return what this encoder wants before a question that is compared with passages."""
    return str(getattr(getattr(encoder, "inner", encoder), "prompt", ""))


def _stretched(cosines: Vectors) -> Vectors:
    """Return cosines between the nearest and the farthest proposed, as 1 and 0."""
    low = float(cosines.min(initial=1))
    stretched: Vectors = (cosines - low) / max(float(cosines.max(initial=0)) - low, 1e-6)
    return stretched


# --- building ---


def update(
    folder: Path,
    encoder: Encoder | None,
    present: Sequence[str],
    entries: "Mapping[str, Entry] | EntriesOf",
    version: int = 0,
) -> bool:
    """Make the index hold exactly the sentences that are present; return whether it changed.

    `present` are their ids, `entries` gives those that are asked for. One process
    builds at a time, the next one starts from its result. What is new is encoded in parts of
    SEGMENT and costs memory only for one part.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        return _Builder(folder, encoder).bring_to(present, entries, version)


class EntriesOf:
    """Where entries come from, when they don't fit into memory: a function of ids."""

    def __init__(self, fetch: Any) -> None:
        self._fetch = fetch

    def get_many(self, ids: Sequence[str]) -> list[Entry]:
        """Return the entries of these ids that are still there."""
        return list(self._fetch(ids))


class _Builder:
    def __init__(self, folder: Path, encoder: Encoder | None) -> None:
        self.folder, self.encoder = folder, encoder
        self.manifest = read_manifest(folder, encoder)
        _clean(folder, self.manifest)
        self.segments = [_load(folder / name, encoder) for name in self.manifest.segments]
        self.rows = sum(len(one.ids) for one in self.segments)

    def bring_to(
        self, present: Sequence[str], entries: "Mapping[str, Entry] | EntriesOf", version: int
    ) -> bool:
        wanted = np.unique(np.array([each.encode() for each in present] or [b""], dtype=np.bytes_))
        wanted = wanted[wanted != b""]
        held = _joined([one.ids for one in self.segments])
        struck = self._struck()
        alive = np.ones(len(held), dtype=np.bool_)
        alive[struck] = False
        gone = np.flatnonzero(alive & ~np.isin(held, wanted))
        new = wanted[~np.isin(wanted, held[alive])]
        if not len(gone) and not len(new) and self.manifest.version == version:
            return False
        # Rows that an interrupted build left behind are in the way of ours.
        leftovers = np.arange(self.rows, self.rows + len(new), dtype=np.int64)
        WordIndex(self.folder / "words").change([], np.concatenate([gone, leftovers]))
        names = list(self.manifest.segments)
        for chunk in _chunks((each.decode() for each in new.tolist()), SEGMENT):
            names += self._add(_entries(entries, chunk))
        if len(names) > _MOST_SEGMENTS:
            names = [self._join(names)]
        self._publish(names, np.union1d(struck, gone), version)
        return bool(len(gone) or len(new))

    def _struck(self) -> Rows:
        if not self.manifest.struck:
            return np.zeros(0, dtype=np.int64)
        struck: Rows = np.load(self.folder / self.manifest.struck)
        return struck

    def _add(self, entries: Sequence[Entry]) -> list[str]:
        """Write one segment; it counts once the manifest names it."""
        if not entries:
            return []
        name = f"segment-{self.rows:09d}-{os.urandom(3).hex()}"
        stem = self.folder / name
        np.save(stem.with_suffix(".ids.npy"), _bytes(one.id for one in entries))
        np.save(stem.with_suffix(".groups.npy"), _bytes(one.group for one in entries))
        np.save(stem.with_suffix(".languages.npy"), _bytes(one.language for one in entries))
        if self.encoder is not None:
            vectors = self.encoder.encode([one.text for one in entries])
            pack(vectors, self._mean(vectors)).save(stem)
        WordIndex(self.folder / "words").change(
            (
                (self.rows + at, one.language, keys(one.text, one.language))
                for at, one in enumerate(entries)
            ),
            np.zeros(0, dtype=np.int64),
        )
        self.rows += len(entries)
        return [name]

    def _join(self, names: Sequence[str]) -> str:
        """Write all segments as one. Rows keep their numbers, so the words' files stay."""
        parts = [_load(self.folder / name, self.encoder) for name in names]
        name = f"segment-{0:09d}-{os.urandom(3).hex()}"
        stem = self.folder / name
        np.save(stem.with_suffix(".ids.npy"), _joined([one.ids for one in parts]))
        np.save(stem.with_suffix(".groups.npy"), _joined([one.groups for one in parts]))
        np.save(stem.with_suffix(".languages.npy"), _joined([one.languages for one in parts]))
        packed = [one.vectors for one in parts if one.vectors is not None]
        if packed:
            Packed(
                np.concatenate([one.bits for one in packed], axis=1),
                np.concatenate([one.small for one in packed]),
                np.concatenate([one.scales for one in packed]),
            ).save(stem)
        return name

    def _mean(self, vectors: Vectors) -> Vectors:
        path = self.folder / "mean.npy"
        if self.rows:
            kept: Vectors = np.load(path)
            return kept
        mean: Vectors = vectors[:_SAMPLE].mean(axis=0)
        np.save(path, mean)
        return mean

    def _publish(self, names: Sequence[str], struck: Rows, version: int) -> None:
        """Write the manifest aside and move it into place: from now on, this is the index."""
        struck_name = ""
        if len(struck):
            struck_name = f"struck-{os.urandom(4).hex()}.npy"
            np.save(self.folder / struck_name, struck)
        manifest = {
            "format": FORMAT,
            "encoder": _encoder_name(self.encoder),
            "segments": list(names),
            "struck": struck_name,
            "version": version,
        }
        descriptor, aside = tempfile.mkstemp(dir=self.folder, suffix=".new")
        with os.fdopen(descriptor, "w") as file:
            json.dump(manifest, file)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(self.folder / "manifest.json")


def read_manifest(folder: Path, encoder: Encoder | None) -> Manifest:
    """Return the manifest; an empty one if there is none that fits this program and encoder."""
    try:
        read = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        read = {}
    if read.get("format") != FORMAT or read.get("encoder") != _encoder_name(encoder):
        return Manifest(_encoder_name(encoder))
    return Manifest(read["encoder"], tuple(read["segments"]), read["struck"], read["version"])


def _encoder_name(encoder: Encoder | None) -> str:
    return encoder.name if encoder is not None else "words-alone"


def _load(stem: Path, encoder: Encoder | None) -> Segment:
    return Segment(
        ids=np.load(stem.with_suffix(".ids.npy"), mmap_mode="r"),
        groups=np.load(stem.with_suffix(".groups.npy"), mmap_mode="r"),
        languages=np.load(stem.with_suffix(".languages.npy"), mmap_mode="r"),
        vectors=Packed.load(stem) if encoder is not None else None,
    )


def _load_all(folder: Path, encoder: Encoder | None) -> tuple[Manifest, list[Segment]]:
    """Read the manifest and what it names; again, if that was replaced between the two."""
    for attempt in range(3):
        manifest = read_manifest(folder, encoder)
        try:
            return manifest, [_load(folder / name, encoder) for name in manifest.segments]
        except FileNotFoundError:
            if attempt == 2 or read_manifest(folder, encoder) == manifest:
                raise
    raise FileNotFoundError(folder)


def _clean(folder: Path, manifest: Manifest) -> None:
    """Remove what no manifest names any more: older files, and those of an interrupted build."""
    if not manifest.segments:
        shutil.rmtree(folder / "words", ignore_errors=True)
    for path in [*folder.glob("segment-*"), *folder.glob("struck-*"), *folder.glob("*.new")]:
        if path.name.split(".")[0] not in manifest.segments and path.name != manifest.struck:
            path.unlink(missing_ok=True)


def _joined(parts: Sequence[Names]) -> Names:
    return np.concatenate(parts) if parts else np.zeros(0, dtype="S1")


def _bytes(texts: Iterable[str]) -> Names:
    return np.array([text.encode() for text in texts], dtype=np.bytes_)


def _chunks(ids: Iterator[str], size: int) -> Iterator[list[str]]:
    while chunk := list(islice(ids, size)):
        yield chunk


def _entries(entries: "Mapping[str, Entry] | EntriesOf", ids: Sequence[str]) -> list[Entry]:
    if isinstance(entries, EntriesOf):
        return entries.get_many(ids)
    return [entries[each] for each in ids if each in entries]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
