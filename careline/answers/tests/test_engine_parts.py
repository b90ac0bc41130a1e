"""The engine's parts: text, language, names, BM25, the cache of vectors."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from careline.answers.engine.encoder import Vectors
from careline.answers.engine.entities import Recogniser
from careline.answers.engine.language import detect
from careline.answers.engine.lexical import LexicalIndex
from careline.answers.engine.model import Passage
from careline.answers.engine.passages import PassageIndex
from careline.answers.engine.reading import Reader
from careline.answers.engine.terms import terms
from careline.answers.engine.text import MAX_PIECE, MAX_PIECES, fold, pieces, words
from careline.answers.engine.vectors import VectorCache
from careline.answers.tests.knowledge import small_knowledge


def test_a_language_without_a_profile_is_read_all_the_same() -> None:
    reader = Reader(small_knowledge())
    asked = reader.read("Opdivo?", "pt")
    assert asked.drugs == {"nivolumab"}
    assert reader.read("it?", "pt", context=asked).drugs == {"nivolumab"}
    assert reader.stands_in("it", "pt")


def named(text: str, language: str = "en") -> list[str]:
    found = Recogniser(small_knowledge().entities, ("mab",), {"asthma"}).mentions(
        terms(text, language), language
    )
    return [entity.key for mention in found for entity in mention.entities]


def test_case_accents_quotes_and_markup_make_no_difference() -> None:
    assert fold("What’s  «Náuseas»\x00?") == fold("what's «nauseas» ?")
    assert words("<b>What’s</b> PD-1?") == ["whats", "pd", "1"]


@given(st.text(max_size=2000))
def test_pieces_are_few_and_short(text: str) -> None:
    found = pieces(text)
    assert len(found) <= MAX_PIECES
    assert all(0 < len(piece) <= MAX_PIECE for piece in found)


@given(st.text(max_size=300))
def test_folded_text_has_no_edges_no_capitals_and_no_accents(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(unicodedata.category(char) not in ("Mn", "Cc") for char in folded)


def test_small_words_and_letters_tell_the_language_and_a_mix_falls_back() -> None:
    assert detect("what is this for", "es") == "en"
    assert detect("para qué sirve esto", "en") == "es"
    assert detect("my doctor me dijo Keytruda", "es") == "es"
    assert detect("Keytruda", "es") == "es"


def test_names_brands_nicknames_and_slips_are_recognised() -> None:
    assert named("nivo") == ["nivolumab"]
    assert named("OPDIVO") == ["nivolumab"]
    assert named("opdivvo") == ["nivolumab"]
    assert named("durvalumad and imfinzy") == ["durvalumab", "durvalumab"]
    assert named("Opdivo Qvantig") == ["nivolumab:qvantig"]
    assert named("what is pd1 or pd-l1") == ["PD-1", "PD-L1"]
    assert named("a skin rash") == ["rash"]


def test_other_drugs_are_never_taken_for_ours() -> None:
    assert named("cemiplimab") == ["drug:cemiplimab"]
    assert named("asthma") == ["disease:asthma"]
    assert named("option provide dividend") == []


def test_bm25_prefers_rare_words_and_knows_what_it_has() -> None:
    index = LexicalIndex([["a", "b"], ["a", "c"], ["a", "d"]])
    scores = index.scores(["a", "c", "unknown"])
    assert scores.argmax() == 1
    assert index.idf("c") > index.idf("a")
    assert LexicalIndex([]).scores(["a"]).size == 0


class CountingEncoder:
    """Encodes a text as its length, and counts what it was asked for."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts] or np.zeros((0, 2)), dtype=np.float32)


def test_vectors_are_kept_by_text_and_only_new_texts_are_encoded(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    VectorCache(tmp_path).encode(encoder, ["one", "three"])
    again = VectorCache(tmp_path).encode(encoder, ["three", "seven", "three"])
    assert encoder.asked == ["one", "three", "seven"]
    assert again[:, 0].tolist() == [5, 5, 5]
    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"]


def test_a_spoilt_or_unwritable_cache_only_costs_time(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    (tmp_path / "vectors-counting.npz").write_bytes(b"not an archive")
    assert len(VectorCache(tmp_path).encode(encoder, ["one"])) == 1
    whole = (tmp_path / "vectors-counting.npz").read_bytes()
    (tmp_path / "vectors-counting.npz").write_bytes(whole[: len(whole) // 2])
    assert len(VectorCache(tmp_path).encode(encoder, ["one"])) == 1
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert len(VectorCache(blocked).encode(encoder, ["one"])) == 1


def test_sentences_are_found_in_the_language_asked_for_and_nothing_for_nonsense() -> None:
    said = [
        Passage("s-1", "en", "A skin rash is a common side effect.", "side-effects"),
        Passage("s-2", "en", "You can call the helpline at any hour.", "the-helpline"),
        Passage("s-3", "es", "El sarpullido es un efecto común.", "side-effects"),
    ]
    index = PassageIndex(said, None)
    assert [one.id for one, _ in index.nearest("my rash", "en", 5)] == ["s-1"]
    assert [one.id for one, _ in index.nearest("sarpullido", "es", 5)] == ["s-3"]
    assert index.nearest("zzz qqq", "en", 5) == []
    assert index.nearest("", "en", 5) == []
    assert PassageIndex([], None).nearest("rash", "en", 5) == []
