import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from careline.answers.engine.encoder import MANY_TEXTS, WheelEncoder

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


def test_many_texts_leave_no_pages_of_the_table_behind(tmp_path: Path) -> None:
    encoder = WheelEncoder(tmp_path)
    many = [f"{text} {number}" for number in range(MANY_TEXTS) for text in TEXTS]
    before = encoder.encode(TEXTS)

    encoder.encode(many)

    assert _resident_table_kilobytes(tmp_path) < 8_000  # Of 65 MB.
    assert np.array_equal(encoder.encode(TEXTS), before)


def _resident_table_kilobytes(folder: Path) -> int:
    maps = Path("/proc/self/smaps").read_text()
    of_table = re.findall(rf"{folder}/table-\S+\n(?:.*\n)*?Rss:\s+(\d+) kB", maps)
    assert of_table
    return sum(map(int, of_table))


def test_arithmetic_stays_on_one_thread_whoever_imports_numpy_first() -> None:
    program = (
        "import careline, numpy, os; m = numpy.ones((500, 500), 'f4'); m @ m; "
        "print(len(os.listdir('/proc/self/task')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.strip() == b"1"
