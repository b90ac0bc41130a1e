"""An encoder of one's own: a real small ONNX model in a folder, loaded from disk alone."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from careline.answers import index
from careline.answers.asking import ask
from careline.answers.doctor_checks import encoder as encoder_check
from careline.answers.engine import encoder as encoders
from careline.answers.engine.encoder import EncoderMissing, Vectors, WheelEncoder
from careline.answers.engine.onnx_folder import FolderEncoder
from careline.answers.engine.pooled import PooledEncoder
from careline.answers.tests.onnxmaker import SIZE, write_encoder
from careline.core.doctor import Verdict

WORDS = ["what", "is", "immunotherapy", "fever", "nivolumab", "query"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_encoder(tmp_path / "encoder", WORDS)


@pytest.fixture(autouse=True)
def _no_kept_encoder() -> Iterator[None]:
    yield
    index.encoder.cache_clear()


@pytest.mark.parametrize("damage", ["model.onnx", "tokenizer.json", "both"])
def test_a_folder_that_lacks_a_file_is_refused_in_words(folder: Path, damage: str) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        if damage in (name, "both"):
            (folder / name).unlink()

    with pytest.raises(EncoderMissing, match=r"model\.onnx|tokenizer\.json"):
        FolderEncoder(str(folder))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"not what it says")

    with pytest.raises(EncoderMissing):
        FolderEncoder(str(folder))


def test_vectors_are_unit_and_batches_change_nothing(folder: Path) -> None:
    encoder = FolderEncoder(str(folder))
    texts = ["what is immunotherapy", "fever", "", "what is nivolumab " * 200]

    together = encoder.encode(texts)

    assert together.shape == (4, SIZE)
    assert np.allclose(np.linalg.norm(together[[0, 1, 3]], axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


def test_pooling_and_prompt_come_from_the_folders_own_files(folder: Path) -> None:
    mean = FolderEncoder(str(folder))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    (folder / "config_sentence_transformers.json").write_text('{"prompts": {"query": "query "}}')

    first = FolderEncoder(str(folder))

    assert first.prompt == "query "
    assert first.name != mean.name
    assert np.allclose(first.encode(["fever what is"]), mean.encode(["fever"]), atol=1e-5)


def test_another_model_has_another_name(folder: Path, tmp_path: Path) -> None:
    other = write_encoder(tmp_path / "other", [*WORDS, "more"])

    assert FolderEncoder(str(folder)).name != FolderEncoder(str(other)).name


def test_weights_that_nobody_reviewed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(encoders.PINNED, "sp.model", "0" * 64)

    with pytest.raises(EncoderMissing, match="hash differs"):
        WheelEncoder()


@pytest.mark.django_db
@pytest.mark.usefixtures("pack")
def test_questions_are_answered_by_words_when_the_folder_cannot_be_loaded(
    settings: pytest.FixtureRequest, tmp_path: Path
) -> None:
    index.encoder.cache_clear()
    settings.ENCODER_FOLDER = str(tmp_path / "nothing")  # type: ignore[attr-defined]

    answer = ask("What is nivolumab?", language="en")

    assert answer.answered
    found = encoder_check()
    assert found.verdict is Verdict.NOTE
    assert "words alone" in found.words
    assert "has no model.onnx" in found.words
    assert "CARELINE_ENCODER" in found.mend


@pytest.mark.django_db
def test_doctor_says_to_evaluate_with_another_encoder(
    settings: pytest.FixtureRequest, folder: Path
) -> None:
    index.encoder.cache_clear()
    settings.ENCODER_FOLDER = str(folder)  # type: ignore[attr-defined]

    found = encoder_check()

    assert found.verdict is Verdict.NOTE
    assert "careline evaluate" in found.mend


class _Noting:
    """An encoder that notes on which thread and with how many texts it ran."""

    name = "noting"

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen.append((threading.current_thread().name, len(texts)))
        return np.array([[float(text)] for text in texts], dtype=np.float32)


def test_all_encoding_is_done_on_one_thread_in_small_parts() -> None:
    noting = _Noting()
    pooled = PooledEncoder(noting)
    asking = [threading.Thread(target=pooled.encode, args=(["1"],)) for _ in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    many = pooled.encode([str(number) for number in range(100)])

    assert many[:, 0].tolist() == list(range(100))
    assert {name for name, _ in noting.seen} == {"encoder_0"}
    assert max(count for _, count in noting.seen) <= 32
