"""careline export-pack: what goes out is what is signed, and comes back the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from careline.accounts.models import Staff
from careline.content.actions import approve_and_publish, withdraw
from careline.content.actions.packs import load_pack
from careline.content.models import Pack, ReviewedPage, Sentence, Source
from careline.content.packs import Problem
from careline.content.packs.export import Export, ExportRefused, export_pack
from careline.content.packs.read import PackText, read_pack
from careline.content.tests.conftest import page_named
from careline.content.tests.packmaker import edit

REAL = sorted(path.parent for path in Path(__file__).parents[3].glob("packs/*/pack.yaml"))
SECRET = "Nobody has signed these words."
FIRST = "Immunotherapy helps the body fight cancer."


@pytest.fixture
def loaded(db: None, pack_folder: Path) -> Path:
    """Loaded for each test anew: other tests here begin with nothing."""
    load_pack(pack_folder)
    return pack_folder


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@contextmanager
def other_database() -> Iterator[None]:
    """What is done inside is done in a database that nobody sees afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def said(folder: Path) -> PackText:
    problems: list[Problem] = []
    pack = read_pack(folder, problems)
    assert problems == []
    assert pack is not None
    return pack


def saved_draft(page: ReviewedPage, editor: Staff, text: str = SECRET, label: str = "") -> Any:
    body = page.body.get_prep_value()
    body[1]["value"]["sentences"][0]["value"]["text"] = text
    page.body = page.body.stream_block.to_python(body)
    page.title = page.draft_title = SECRET
    return page.save_revision(user=editor)


# --- What is refused, and what stays behind ---


def test_an_unknown_pack_is_refused(loaded: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no pack 'nothing'\. Loaded: tiny"):
        call_command("export_pack", "nothing", str(tmp_path / "out"))


def test_a_folder_with_something_in_it_is_left_alone(loaded: Path) -> None:
    before = files_in(loaded)
    with pytest.raises(ExportRefused, match="isn't an empty folder"):
        export_pack("tiny", loaded)
    assert files_in(loaded) == before


def test_a_pack_loaded_before_exports_were_known_is_refused(loaded: Path, tmp_path: Path) -> None:
    Pack.objects.update(header={})
    with pytest.raises(ExportRefused, match="--again"):
        export_pack("tiny", tmp_path / "out")


def test_no_word_of_a_draft_goes_out(page: ReviewedPage, editor: Staff, tmp_path: Path) -> None:
    saved_draft(page, editor)
    export_pack("tiny", tmp_path / "out")
    assert not any(SECRET.encode() in data for data in files_in(tmp_path / "out").values())


def test_a_withdrawn_page_stays_behind_with_what_rests_on_it(
    page: ReviewedPage, editor: Staff, tmp_path: Path
) -> None:
    withdraw(page, acting_user=editor)
    made = export_pack("tiny", tmp_path / "out")
    assert "pages/en/how-it-works.md" not in made.files
    assert "pages/es/how-it-works.md" not in made.files
    assert "answers.yaml" not in made.files
    assert [entry.pages for entry in said(tmp_path / "out").entries("refusals")] == [[]]
    assert made.left_out == [
        "pages/es/how-it-works.md: its page in 'en' isn't public",
        "answer what: its sentence how-it-works#what isn't public",
    ]


def test_a_withdrawn_translation_leaves_its_language_in_progress(
    loaded: Path, editor: Staff, tmp_path: Path
) -> None:
    withdraw(page_named("nivolumab", "es"), acting_user=editor)
    export_pack("tiny", tmp_path / "out")
    pack = said(tmp_path / "out")
    assert pack.header.in_progress == ["es"]
    assert pack.header.version == "1.0+local"
    with other_database():
        load_pack(tmp_path / "out", again=True)


def test_text_that_looks_like_a_mark_is_refused(
    page: ReviewedPage, editor: Staff, reviewer: Staff, tmp_path: Path
) -> None:
    revision = saved_draft(page, editor, "A sentence [^with a mark inside.")
    approve_and_publish(page, revision, acting_user=reviewer)
    with pytest.raises(ExportRefused, match="can't be written as a pack"):
        export_pack("tiny", tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- What goes out ---


def test_a_signed_edit_goes_out_under_its_reviewers_name(
    page: ReviewedPage, editor: Staff, reviewer: Staff, tmp_path: Path
) -> None:
    revision = saved_draft(page, editor, "Immunotherapy helps you.")
    approve_and_publish(page, revision, acting_user=reviewer)
    export_pack("tiny", tmp_path / "out")
    text = (tmp_path / "out/pages/en/how-it-works.md").read_text(encoding="utf-8")
    assert "Immunotherapy helps you. [^acs] {#what}" in text
    pages = {(each.head.key, each.language): each for each in said(tmp_path / "out").pages}
    review = pages["how-it-works", "en"].head.review
    assert review is not None
    assert review.reviewer == "Rita, MD"
    assert pages["nivolumab", "en"].head.review is None


def test_a_translation_that_is_behind_is_behind_elsewhere_too(loaded: Path, tmp_path: Path) -> None:
    edit(loaded, "pages/en/how-it-works.md", FIRST, "Immunotherapy helps your body.")
    load_pack(loaded)
    export_pack("tiny", tmp_path / "out")
    with transaction.atomic():
        ReviewedPage.objects.all().delete()
        Sentence.objects.all().delete()
        load_pack(tmp_path / "out", again=True)
        row = Sentence.objects.get(page_key="how-it-works", language="es", label="what")
        assert row.behind_since is not None
        assert not row.is_approved()
        transaction.set_rollback(True)


def test_a_source_that_editors_added_goes_out_with_its_sentence(
    page: ReviewedPage, editor: Staff, reviewer: Staff, tmp_path: Path
) -> None:
    Source.objects.create(key="own", title="Ours", publisher="Us", kind="service")
    body = page.body.get_prep_value()
    body[1]["value"]["sentences"][0]["value"]["sources"][0]["value"] = "own"
    page.body = page.body.stream_block.to_python(body)
    approve_and_publish(page, page.save_revision(user=editor), acting_user=reviewer)
    export_pack("tiny", tmp_path / "out")
    assert [each.key for each in said(tmp_path / "out").entries("sources")] == ["acs", "pdq", "own"]


def test_the_command_says_what_it_wrote(loaded: Path, tmp_path: Path) -> None:
    out = StringIO()
    call_command("export_pack", "tiny", str(tmp_path / "out"), stdout=out)
    assert out.getvalue().startswith("tiny 1.0: 12 files in ")


def test_a_small_pack_says_the_same_as_before(loaded: Path, tmp_path: Path) -> None:
    export_pack("tiny", tmp_path / "out")
    assert_same(said(loaded), said(tmp_path / "out"))


@pytest.mark.django_db
def test_the_real_packs_come_back_byte_for_byte(tmp_path: Path) -> None:
    first: dict[str, Export] = {}
    with other_database():
        for folder in REAL:
            load_pack(folder)
        for folder in REAL:
            first[folder.name] = export_pack(folder.name, tmp_path / "first" / folder.name)
    assert not Pack.objects.exists()
    for folder in REAL:
        load_pack(tmp_path / "first" / folder.name)
        assert_same(said(folder), said(tmp_path / "first" / folder.name))
        assert first[folder.name].left_out == []
    for folder in REAL:
        export_pack(folder.name, tmp_path / "second" / folder.name)
    assert files_in(tmp_path / "first") == files_in(tmp_path / "second")


def assert_same(before: PackText, after: PackText) -> None:
    """The two say the same; the order in which a fact names its sources means nothing."""
    assert after.header == before.header
    assert {name: entries(after, name) for name in after.lists} == {
        name: entries(before, name) for name in before.lists
    }
    for old, new in zip(before.pages, after.pages, strict=True):
        assert new.head == old.head
        assert [(b.kind, b.text, b.argument) for b in new.blocks] == [
            (b.kind, b.text, b.argument) for b in old.blocks
        ]
        assert [(s.text, s.sources, s.label) for s in new.sentences] == [
            (s.text, s.sources, s.label) for s in old.sentences
        ]
    assert after.rules == before.rules


def entries(pack: PackText, name: str) -> list[Any]:
    return [_unordered(entry.model_dump(mode="json")) for entry in pack.entries(name)]


def _unordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: sorted(part) if name in ("sources", "conflicts") else _unordered(part)
            for name, part in value.items()
        }
    return [_unordered(part) for part in value] if isinstance(value, list) else value
