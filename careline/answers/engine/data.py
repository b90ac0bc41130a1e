"""The engine's own word lists, read from careline/answers/data once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "data"


@cache
def table(name: str) -> Any:
    """Return the content of one TOML file of the data folder."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of one text file of the data folder, comments left out."""
    raw = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in raw if line and not line.startswith("#"))
