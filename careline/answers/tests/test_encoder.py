from pathlib import Path

import numpy as np

from careline.answers.engine.encoder import WheelEncoder

TEXTS = ["How often is nivolumab given?", "¿Qué es la inmunoterapia?", "🙂"]


def test_the_mapped_table_gives_the_same_vectors(tmp_path: Path) -> None:
    plain = WheelEncoder().encode(TEXTS)
    first = WheelEncoder(tmp_path).encode(TEXTS)
    second = WheelEncoder(tmp_path).encode(TEXTS)

    assert np.array_equal(plain, first)
    assert np.array_equal(plain, second)
    assert len(list(tmp_path.glob("table-*.npy"))) == 1


def test_a_damaged_table_costs_memory_only(tmp_path: Path) -> None:
    WheelEncoder(tmp_path)
    next(tmp_path.glob("table-*.npy")).write_bytes(b"not a table")

    assert WheelEncoder(tmp_path).encode(TEXTS).shape == (3, 512)


def test_a_folder_that_cannot_be_made_costs_memory_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert WheelEncoder(tmp_path / "file" / "below").encode(TEXTS).shape == (3, 512)
