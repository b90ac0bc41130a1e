"""What the tests of the public pages share."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from careline.content.actions.packs import load_pack

PACK = Path(__file__).resolve().parents[3] / "packs" / "liver-immunotherapy"
WrittenOnce = Callable[[Callable[[], object]], None]
ANSWERS = {"immunotherapy-what", "drugs-list", "common-side-effects"}
KEPT = {
    "about-this-information",
    "how-it-works",
    "ipilimumab",
    "medicines",
    "nivolumab",
    "reprints",
    "side-effects",
    "tobacco",
}


@pytest.fixture(scope="session")
def few_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the first pack with a few of its pages: the whole of it takes seconds to load."""
    folder = tmp_path_factory.mktemp("packs") / PACK.name
    shutil.copytree(PACK, folder)
    for page in folder.glob("pages/*/*.md"):
        if page.stem not in KEPT:
            page.unlink()
    _keep(folder / "answers.yaml", lambda row: row["key"] in ANSWERS)
    for name in ("refusals.yaml", "cases.yaml", "glossary.yaml"):
        (folder / name).unlink()
    return folder


@pytest.fixture(scope="module")
def loaded_pack(written_once: WrittenOnce, few_pages: Path) -> None:
    written_once(lambda: load_pack(few_pages))


@pytest.fixture
def pack(loaded_pack: None, db: None) -> None:
    """A small content pack, loaded."""


def _keep(file: Path, wanted: Callable[[Any], bool]) -> None:
    yaml = YAML()
    rows = yaml.load(file)
    with file.open("w") as opened:
        yaml.dump([row for row in rows if wanted(row)], opened)
