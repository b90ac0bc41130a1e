"""The part of the first pack from which the screens to look at are made."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from careline.content.actions.packs import load_pack
from careline.content.models import Approval, ReviewedPage
from careline.core import clock

PACK = Path(__file__).resolve().parents[4] / "packs" / "liver-immunotherapy"
WrittenOnce = Callable[[Callable[[], object]], None]
KEPT = {"how-it-works", "side-effects", "treatments"}


@pytest.fixture(scope="session")
def pages_to_look_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the pack with few of its pages: the whole of it takes seconds to load."""
    folder = tmp_path_factory.mktemp("packs") / PACK.name
    shutil.copytree(PACK, folder)
    for page in folder.glob("pages/*/*.md"):
        if page.stem not in KEPT and "type: drug" not in page.read_text():
            page.unlink()
    for name in ("answers.yaml", "refusals.yaml", "cases.yaml", "glossary.yaml"):
        (folder / name).unlink()
    return folder


@pytest.fixture(scope="module")
def loaded_pack(written_once: WrittenOnce, pages_to_look_at: Path) -> None:
    written_once(lambda: load_pack(pages_to_look_at))


@pytest.fixture
def pack(loaded_pack: None, db: None) -> None:
    """The pages and the facts, loaded."""


def withdraw(key: str) -> None:
    """Take the signatures under a page back, in every language."""
    pages = ReviewedPage.objects.filter(key=key)
    Approval.objects.filter(page__in=pages).update(withdrawn_at=clock.now())
