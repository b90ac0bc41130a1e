"""Every page of the packs that come with Careline is easy enough for the people it is for."""

from pathlib import Path

import pytest

from careline.content.packs import Problem
from careline.content.packs.read import read_pack
from careline.content.reading_levels import PageReading, of_pack

PACKS = sorted(
    path.parent for path in Path(__file__).parents[3].glob("packs/*/pages/") if any(path.iterdir())
)


def pages_of(folder: Path) -> list[PageReading]:
    problems: list[Problem] = []
    pack = read_pack(folder, problems)
    assert pack is not None
    assert problems == []
    return of_pack(pack)


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_every_page_keeps_its_languages_limit(folder: Path) -> None:
    """Grade 8 in English by SMOG and by Flesch-Kincaid; "normal" or easier in Spanish."""
    pages = pages_of(folder)
    assert pages
    hard = {
        f"{page.language} {page.key}": [(each.name, round(each.value, 1)) for each in found.scores]
        for page in pages
        if (found := page.reading) is not None and not found.passes
    }
    assert hard == {}
