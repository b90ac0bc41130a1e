"""The index's life: one per process, built when first asked for, replaced when content changes.

Nothing withdrawn can be said even by an index that is older than the
withdrawal: every sentence is checked again when it is used (asking.py).
"""

import ctypes
import datetime as dt
import gc
import logging
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from careline.answers import corpus_keeping
from careline.answers.corpus_keeping import KeptCorpus
from careline.answers.engine.decide import Engine
from careline.answers.engine.encoder import Encoder, EncoderMissing, WheelEncoder
from careline.answers.engine.model import Knowledge
from careline.answers.engine.onnx_folder import FolderEncoder
from careline.answers.engine.passages import PassageIndex
from careline.answers.engine.pooled import PooledEncoder
from careline.answers.engine.vectors import VectorCache
from careline.answers.knowledge import Compositions, approved_knowledge
from careline.content import version
from careline.core import clock
from careline.core.events import Event, log


@dataclass(frozen=True)
class Index:
    """What is asked: the deciding engine, the sentences, and how answers are made of them."""

    engine: Engine
    passages: PassageIndex | KeptCorpus
    compositions: Compositions


@dataclass(frozen=True)
class _Moment:
    """What an index was built for. Review dates pass at midnight, so the day counts too."""

    version: int
    day: dt.date


_building = threading.Lock()
_held: tuple[_Moment, Index] | None = None


def current() -> Index:
    """Return the index of the present content, building it if there is none yet.

    There is one build at a time. Threads that come meanwhile get the index
    before it; only where there is none do they wait.
    """
    moment = _Moment(version.current(), clock.today())
    held = _held
    if held is not None and held[0] == moment:
        return held[1]
    if not _building.acquire(blocking=held is None):
        return held[1] if held is not None else current()
    try:
        return _renewed(moment)
    finally:
        _building.release()


def _renewed(moment: _Moment) -> Index:
    global _held
    if _held is None or _held[0] != moment:
        _held = (moment, _build())
    return _held[1]


def warm() -> None:
    """Build the index in the background, so that the first person who asks needn't wait."""
    threading.Thread(target=_warm, name="answers-index", daemon=True).start()


def _warm() -> None:
    try:
        current()
    except DatabaseError:
        log(Event.ANSWERS_UNAVAILABLE, level=logging.WARNING)
    finally:
        connection.close()


def forget() -> None:
    """Drop the held index (tests, and whoever wants its memory back)."""
    global _held
    with _building:
        _held = None


@lru_cache(maxsize=1)
def encoder() -> Encoder | None:
    """Return the encoder, loaded once per process; None, logged once, when it can't be."""
    return _loaded(settings.ENCODER_FOLDER)


@lru_cache(maxsize=1)
def corpus_encoder() -> Encoder | None:
    """Return the encoder for searching a large corpus, where it has one of its own."""
    named = settings.CORPUS_ENCODER_FOLDER
    return _loaded(named) if named and named != settings.ENCODER_FOLDER else encoder()


def why_missing(named: str) -> str:
    """Return in words why an encoder can't be loaded; empty when it can."""
    try:
        _load(named)
    except EncoderMissing as problem:
        return str(problem)
    return ""


def _loaded(named: str) -> Encoder | None:
    try:
        return PooledEncoder(_load(named))
    except EncoderMissing:
        log(Event.ENCODER_MISSING, level=logging.WARNING)
        return None


def _load(named: str) -> Encoder:
    if named:
        return FolderEncoder(named)
    return WheelEncoder(Path(settings.STATE_DIR) / "index")


def _give_back() -> None:
    """Return what building took and no longer needs to the system, where the C library can."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _build() -> Index:
    began = time.perf_counter()
    large = corpus_keeping.is_large()
    knowledge, compositions = approved_knowledge(all_sentences=not large)
    folder = Path(settings.STATE_DIR) / "index"
    index = Index(
        engine=Engine(knowledge, encoder(), VectorCache(folder)),
        passages=_corpus() if large else _passages(knowledge, folder),
        compositions=compositions,
    )
    _give_back()
    log(
        Event.INDEX_BUILT,
        sentences=len(knowledge.passages),
        variants=len(knowledge.variants),
        ms=(time.perf_counter() - began) * 1000,
    )
    return index


def _passages(knowledge: Knowledge, folder: Path) -> PassageIndex:
    return PassageIndex(knowledge.passages, encoder(), VectorCache(folder / "sentences"))


def _corpus() -> KeptCorpus:
    """Return the index on disk as it is now; what has changed is brought in meanwhile."""
    corpus = corpus_keeping.kept(corpus_keeping.folder(), corpus_encoder())
    corpus.follow()
    return corpus
