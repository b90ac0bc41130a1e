"""The index on disk: it follows what is present, all of it or nothing, whatever interrupts."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.answers.corpus_keeping import KeptCorpus
from careline.answers.engine.corpus import Corpus, Entry, update
from careline.answers.engine.dense import DenseIndex, pack
from careline.answers.engine.encoder import Vectors
from careline.answers.engine.word_index import WordIndex
from careline.content import version

SUBJECTS = ["fever", "rash", "nausea", "cough", "sleep", "pain", "itching", "tiredness"]


class _Letters:
    """Encodes a text as the counts of its letters: near words have near vectors."""

    name = "letters"

    def encode(self, texts: Sequence[str]) -> Vectors:
        counts = [[text.lower().count(chr(97 + at)) + 0.01 for at in range(26)] for text in texts]
        vectors = np.array(counts, dtype=np.float32).reshape(-1, 26)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def _entries(count: int, language: str = "en") -> dict[str, Entry]:
    texts = [f"{SUBJECTS[at % len(SUBJECTS)]} number {at}" for at in range(count)]
    made = [
        Entry(f"s-{language}{at:06d}", f"page-{at // 10}", language, text)
        for at, text in enumerate(texts)
    ]
    return {one.id: one for one in made}


def _ids(corpus: Corpus, text: str, language: str = "en") -> list[str]:
    return [hit.id for hit in corpus.nearest(text, language, 100)]


@pytest.mark.parametrize("encoder", [None, _Letters()])
def test_nothing_is_found_where_there_is_nothing(tmp_path: Path, encoder: _Letters | None) -> None:
    assert Corpus(tmp_path, encoder).nearest("fever", "en", 5) == []
    update(tmp_path, encoder, [], {})

    assert Corpus(tmp_path, encoder).nearest("fever", "en", 5) == []


class _SlowToBuild(KeptCorpus):
    """Builds when it is let, and tells how often it began."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, None)
        self.began, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

    def catch_up(self) -> int:
        number = version.current()
        self.began.release()
        assert self.go_on.acquire(timeout=10)
        return number


def test_what_is_published_during_a_build_goes_in_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = [1]
    monkeypatch.setattr(version, "current", lambda: published[-1])
    corpus = _SlowToBuild(tmp_path)
    for also_asked in (True, False):
        corpus.follow()
        assert corpus.began.acquire(timeout=10)
        published.append(published[-1] + 1)
        if also_asked:
            corpus.follow()
        corpus.go_on.release()
        assert corpus.began.acquire(timeout=10)
        corpus.go_on.release()
        assert corpus._building.acquire(timeout=10)
        corpus._building.release()
        assert not corpus.began.acquire(blocking=False)


@pytest.mark.parametrize("text", ["", "🙂", "\0", "((", "AND OR NOT", "fever " * 5_000])
def test_any_text_may_be_looked_for(tmp_path: Path, text: str) -> None:
    entries = _entries(20)
    update(tmp_path, _Letters(), list(entries), entries)

    assert len(Corpus(tmp_path, _Letters()).nearest(text, "en", 5)) <= 5


def test_what_fits_comes_first_and_only_in_the_language(tmp_path: Path) -> None:
    entries = _entries(60) | _entries(60, "es")
    update(tmp_path, _Letters(), list(entries), entries)
    corpus = Corpus(tmp_path, _Letters())

    found = corpus.nearest("nausea", "en", 5)

    assert all("nausea" in entries[hit.id].text for hit in found)
    assert all(entries[hit.id].language == "en" for hit in found)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    groups = [hit.group for hit in corpus.nearest_groups("nausea", "en", 3)]
    assert len(groups) == len(set(groups)) == 3


@given(steps=st.lists(st.sets(st.integers(0, 29)), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_index_holds_what_is_present_after_any_changes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[set[int]]
) -> None:
    folder = tmp_path_factory.mktemp("corpus")
    entries = _entries(30)
    ids = list(entries)
    for number, step in enumerate(steps):
        present = {ids[at] for at in step}
        update(folder, _Letters(), sorted(present), entries, version=number)
        corpus = Corpus(folder, _Letters())

        assert corpus.ids() == present
        assert len(corpus) == len(present)
        assert WordIndex(folder / "words").size == len(present)
        assert set(_ids(corpus, "number fever")) <= present


def test_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    entries = _entries(30)
    update(tmp_path, _Letters(), list(entries)[:20], entries)
    encoded: list[str] = []

    class Noting(_Letters):
        def encode(self, texts: Sequence[str]) -> Vectors:
            encoded.extend(texts)
            return super().encode(texts)

    update(tmp_path, Noting(), list(entries)[5:], entries)

    assert sorted(encoded) == sorted(one.text for one in list(entries.values())[20:])


def test_a_reader_keeps_what_it_loaded_while_the_index_changes(tmp_path: Path) -> None:
    entries = _entries(30)
    update(tmp_path, _Letters(), list(entries)[:10], entries)
    before = Corpus(tmp_path, _Letters())

    update(tmp_path, _Letters(), list(entries)[5:], entries)

    assert before.ids() == set(list(entries)[:10])
    assert set(_ids(before, "number fever")) <= set(list(entries)[:10])


def test_a_build_that_was_interrupted_leaves_the_index_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = _entries(30)
    update(tmp_path, _Letters(), list(entries)[:10], entries)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="full"):
        broken.setattr(Path, "replace", _full)
        update(tmp_path, _Letters(), list(entries)[5:20], entries)

    assert Corpus(tmp_path, _Letters()).ids() == set(list(entries)[:10])
    update(tmp_path, _Letters(), list(entries)[20:], entries)

    after = Corpus(tmp_path, _Letters())
    assert after.ids() == set(list(entries)[20:])
    assert WordIndex(tmp_path / "words").size == 10
    assert set(_ids(after, "number fever")) <= after.ids()


def _full(_self: Path, _target: Path) -> Path:
    raise OSError("full")


def test_a_damaged_manifest_or_another_encoder_means_building_anew(tmp_path: Path) -> None:
    entries = _entries(10)
    update(tmp_path, _Letters(), list(entries), entries)
    assert len(Corpus(tmp_path, None)) == 0

    update(tmp_path, None, list(entries), entries)
    assert set(_ids(Corpus(tmp_path, None), "fever")) == {"s-en000000", "s-en000008"}

    (tmp_path / "manifest.json").write_text("{")
    assert len(Corpus(tmp_path, None)) == 0
    assert update(tmp_path, _Letters(), list(entries), entries)
    assert Corpus(tmp_path, _Letters()).ids() == set(entries)


def test_many_small_changes_are_joined_and_old_files_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("careline.answers.engine.corpus._MOST_SEGMENTS", 3)
    entries = _entries(60)
    for many in range(10, 61, 10):
        update(tmp_path, _Letters(), list(entries)[:many], entries, version=many)

    corpus = Corpus(tmp_path, _Letters())
    assert corpus.ids() == set(entries)
    found = corpus.nearest("nausea", "en", 5)
    assert all("nausea" in entries[hit.id].text for hit in found)
    named = json.loads((tmp_path / "manifest.json").read_text())["segments"]
    assert len(named) <= 3
    assert len({path.name.split(".")[0] for path in tmp_path.glob("segment-*")}) <= 4


def test_the_nearest_by_bits_are_the_nearest(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    middle = random.normal(size=(40, 128))
    vectors = middle[random.integers(0, 40, 5_000)] + 0.7 * random.normal(size=(5_000, 128)) + 0.5
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    index = DenseIndex(
        [pack(unit[:3_000], unit.mean(0)), pack(unit[3_000:], unit.mean(0))], unit.mean(0)
    )

    shares = []
    for asked in unit[::500]:
        rows, cosines = index.nearest(asked, np.ones(5_000, dtype=np.bool_), 10)
        exact = np.argsort(-(unit @ asked))[:10]
        shares.append(len(set(rows.tolist()) & set(exact.tolist())) / 10)
        assert np.allclose(cosines, unit[rows] @ asked, atol=0.02)
    assert np.mean(shares) >= 0.95
