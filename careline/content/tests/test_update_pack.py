"""Loading an update: what will change is said first, and nobody's edits are lost in silence."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from careline.accounts.models import Staff
from careline.content.actions import approve_and_publish
from careline.content.actions.packs import load_pack
from careline.content.models import Pack, ReviewedPage, Sentence
from careline.content.tests.conftest import page_named
from careline.content.tests.packmaker import edit

ARTICLE = "pages/en/how-it-works.md"
FIRST = "Immunotherapy helps the body fight cancer."
THEIRS = "Immunotherapy lets the body fight cancer."
OURS = "Immunotherapy helps you."
PAGE = "en/how-it-works"


@pytest.fixture
def loaded(db: None, pack_folder: Path) -> Path:
    """Loaded for each test anew: other tests here begin with nothing."""
    load_pack(pack_folder)
    return pack_folder


def said(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("load_pack", str(folder), *options, stdout=out)
    return out.getvalue()


def shown() -> str:
    rows = Sentence.objects.approved().filter(page_key="how-it-works", language="en")
    return rows.get(label="what").text


@pytest.fixture
def edited(page: ReviewedPage, editor: Staff, reviewer: Staff, loaded: Path) -> Path:
    """Edited and signed here, while the pack still says what it said."""
    body = page.body.get_prep_value()
    body[1]["value"]["sentences"][0]["value"]["text"] = OURS
    page.body = page.body.stream_block.to_python(body)
    approve_and_publish(page, page.save_revision(user=editor), acting_user=reviewer)
    return loaded


@pytest.fixture
def both(edited: Path) -> Path:
    """Changed here and in the pack."""
    edit(edited, ARTICLE, FIRST, THEIRS)
    return edited


# --- The plan ---


def test_a_plan_stores_nothing(loaded: Path) -> None:
    edit(loaded, ARTICLE, FIRST, THEIRS)
    before = Pack.objects.get(key="tiny").loaded_at
    said(loaded, "--check")
    assert shown() == FIRST
    assert Pack.objects.get(key="tiny").loaded_at == before


@pytest.mark.django_db
def test_a_plan_for_an_empty_database_stores_nothing(pack_folder: Path) -> None:
    text = said(pack_folder, "--check")
    assert "  created  topic: 1, source: 2" in text
    assert f"    + {FIRST}" in text
    assert not ReviewedPage.objects.exists()
    assert not Pack.objects.exists()


def test_a_plan_without_changes_says_so(loaded: Path) -> None:
    assert said(loaded, "--check") == "tiny 1.0 is sound.\nLoading it changes nothing.\n"


def test_a_plan_shows_the_old_sentence_and_the_new(loaded: Path) -> None:
    edit(loaded, ARTICLE, FIRST, THEIRS)
    text = said(loaded, "--check")
    assert f"  {PAGE}\n    - {FIRST}\n    + {THEIRS}\n" in text
    assert "  changed  page: 1" in text
    assert "    ! leaves the answers, its source changed: La inmunoterapia ayuda" in text


def test_a_plan_shows_what_comes_and_what_goes(loaded: Path) -> None:
    edit(loaded, ARTICLE, "Call {{phone}} to ask", "Phone {{phone}} to ask")
    text = said(loaded, "--check")
    assert "    - Call {{phone}} to ask about immunotherapy.\n" in text
    assert "    + Phone {{phone}} to ask about immunotherapy.\n" in text


# --- Edits made here ---


def test_an_edit_made_here_stays_while_the_pack_is_the_same(edited: Path) -> None:
    assert "changed here" not in said(edited, "--again")
    assert shown() == OURS


def test_a_page_changed_on_both_sides_is_asked_about_and_left(both: Path) -> None:
    text = said(both)
    assert f"  asks     {PAGE}: changed here and in the pack" in text
    assert shown() == OURS


def test_it_is_asked_about_again_until_somebody_decides(both: Path) -> None:
    said(both)
    assert "  asks     " in said(both)


def test_one_page_cannot_be_both(both: Path) -> None:
    with pytest.raises(CommandError, match="both --ours and --theirs"):
        said(both, "--ours", PAGE, "--theirs", PAGE)


def test_another_pages_choice_decides_nothing(both: Path) -> None:
    assert "  asks     " in said(both, "--theirs", "es/how-it-works")
    assert shown() == OURS


@pytest.mark.parametrize("which", [PAGE, "all"])
def test_ours_keeps_the_edit_and_is_not_asked_again(both: Path, which: str) -> None:
    said(both, "--ours", which)
    assert shown() == OURS
    assert "  asks     " not in said(both, "--again")


@pytest.mark.parametrize("which", [PAGE, "all"])
def test_theirs_takes_the_packs_text_and_is_no_edit_any_more(both: Path, which: str) -> None:
    assert f"    - {OURS}\n    + {THEIRS}\n" in said(both, "--check", "--theirs", which)
    said(both, "--theirs", which)
    assert shown() == THEIRS
    edit(both, ARTICLE, THEIRS, FIRST)
    assert "  asks     " not in said(both)
    assert shown() == FIRST


def test_a_page_edited_here_that_the_pack_drops_is_asked_about(edited: Path) -> None:
    for language in ("en", "es"):
        (edited / f"pages/{language}/how-it-works.md").unlink()
    for name in ("answers.yaml", "refusals.yaml"):
        (edited / name).unlink()
    assert f"  asks     {PAGE}" in said(edited)
    assert shown() == OURS
    said(edited, "--ours", PAGE)
    assert page_named("how-it-works").pack == ""
    assert shown() == OURS


def test_a_draft_saved_here_is_an_edit_too(page: ReviewedPage, editor: Staff, loaded: Path) -> None:
    page.save_revision(user=editor)
    edit(loaded, ARTICLE, FIRST, THEIRS)
    assert f"  asks     {PAGE}" in said(loaded)
    assert shown() == FIRST
