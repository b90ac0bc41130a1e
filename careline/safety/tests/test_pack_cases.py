"""A pack of content whose danger cases the rules judge otherwise isn't loaded."""

from pathlib import Path

import pytest

from careline.content.actions.packs import load_pack
from careline.content.enums import DangerLevel
from careline.content.models import Pack, Sentence
from careline.content.packs import PackRefused
from careline.content.tests.packmaker import write_pack
from careline.safety import Level

SOUND = """\
- {question: she can't breathe, language: en, danger: emergency}
- {question: what is immunotherapy, language: en, danger: none}
- {question: how many milligrams, language: en, refusal: dose}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write_pack(tmp_path / "tiny")
    (made / "cases.yaml").write_text(SOUND, encoding="utf-8")
    return made


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("danger: emergency", "danger: report", "cases.yaml:1: the rules say 'emergency' because"),
        ("danger: none", "danger: urgent", "cases.yaml:2: the rules say 'none'; expected 'urgent'"),
    ],
)
def test_nothing_of_the_pack_is_stored(folder: Path, old: str, new: str, message: str) -> None:
    (folder / "cases.yaml").write_text(SOUND.replace(old, new), encoding="utf-8")
    with pytest.raises(PackRefused) as refused:
        load_pack(folder)
    [problem] = refused.value.problems
    assert str(problem).startswith(message)
    assert not Pack.objects.exists()
    assert not Sentence.objects.exists()


@pytest.mark.django_db
def test_a_pack_whose_danger_is_seen_is_loaded(folder: Path) -> None:
    assert load_pack(folder).tally.created


def test_packs_name_the_levels_of_the_rules() -> None:
    assert set(DangerLevel.values) == {level.value for level in Level}
