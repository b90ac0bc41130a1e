"""A translation follows its source: it leaves the answers when the source's words are replaced."""

from pathlib import Path

import pytest
from django.test import Client

from careline.accounts.models import Staff
from careline.content.actions import approve_and_publish
from careline.content.actions.packs import load_pack
from careline.content.enums import SentenceState
from careline.content.models import ReviewedPage, Sentence
from careline.content.tests.conftest import page_named, whole_answer
from careline.content.tests.packmaker import edit

OLD = "Immunotherapy helps the body fight cancer."
NEW = "Immunotherapy helps your body find and fight cancer."
EN, ES = "pages/en/how-it-works.md", "pages/es/how-it-works.md"
NEW_ES = "La inmunoterapia ayuda a su cuerpo a encontrar el cáncer."


def translated(label: str = "what") -> Sentence:
    return Sentence.objects.get(
        page_key="how-it-works", language="es", label=label, retired_at=None
    )


def source(label: str = "what") -> Sentence:
    return Sentence.objects.get(
        page_key="how-it-works", language="en", label=label, retired_at=None
    )


def assert_approved_as_asked(sentence: Sentence, approved: bool) -> None:
    assert sentence.is_approved() is approved
    assert Sentence.objects.approved().filter(pk=sentence.pk).exists() is approved


@pytest.fixture
def changed(loaded: Path) -> Path:
    """The source's sentence is another one; the translation is that of before."""
    edit(loaded, "pages/en/how-it-works.md", OLD, NEW)
    load_pack(loaded)
    return loaded


def test_a_translation_of_replaced_words_is_not_approved(changed: Path) -> None:
    sentence = translated()
    assert_approved_as_asked(sentence, False)
    assert sentence.state() is SentenceState.BEHIND
    assert sentence.is_signed()  # The page goes on showing it.


def test_an_answer_is_not_given_with_a_translation_of_replaced_words(changed: Path) -> None:
    assert whole_answer("es") == []
    assert [each.text for each in whole_answer("en")] == [NEW]


def test_other_sentences_of_the_page_stay_approved(changed: Path) -> None:
    assert_approved_as_asked(translated("fever"), True)


@pytest.mark.parametrize("unlabelled", ["Call {{phone}} to ask about immunotherapy."])
def test_a_sentence_without_a_label_is_paired_by_its_place(loaded: Path, unlabelled: str) -> None:
    edit(loaded, EN, unlabelled, "Call {{phone}} with any question on immunotherapy.")
    load_pack(loaded)
    row = Sentence.objects.get(page_key="how-it-works", language="es", text__startswith="Llame")
    assert row.state() is SentenceState.BEHIND


def test_a_page_says_that_it_follows_older_words(client: Client, changed: Path) -> None:
    shown = client.get("/es/how-it-works/").content.decode()
    assert "La página original (Inglés) cambió" in shown
    assert f'href="#{translated().pk}"' in shown
    assert "cambió" not in client.get("/es/nivolumab/").content.decode()


def test_a_translation_follows_the_source_from_its_first_load(loaded: Path) -> None:
    assert translated().follows == source().pk
    assert_approved_as_asked(translated(), True)
    page = page_named("how-it-works", "es")
    signature = page.signature()
    assert signature is not None
    assert signature.source_revision == page_named("how-it-works").live_revision_id


def test_new_words_in_the_translation_follow_the_new_source(changed: Path) -> None:
    edit(changed, ES, "La inmunoterapia ayuda al cuerpo a luchar contra el cáncer.", NEW_ES)
    load_pack(changed)
    assert translated().text == NEW_ES
    assert_approved_as_asked(translated(), True)


def test_a_new_review_of_the_pack_covers_the_translation_as_it_is(changed: Path) -> None:
    edit(changed, "pack.yaml", "reviewed_on: 2026-01-01", "reviewed_on: 2026-02-02")
    load_pack(changed)
    assert translated().follows == source().pk
    assert_approved_as_asked(translated(), True)


def test_words_that_come_back_bring_their_translation_back(changed: Path) -> None:
    edit(changed, EN, NEW, OLD)
    load_pack(changed)
    assert_approved_as_asked(translated(), True)


def test_a_reviewers_signature_under_the_translation_brings_it_back(
    changed: Path, reviewer: Staff
) -> None:
    page = page_named("how-it-works", "es")
    approval = approve_and_publish(page, page.get_latest_revision(), acting_user=reviewer)
    assert translated().approval == approval
    assert_approved_as_asked(translated(), True)


def test_a_page_without_a_source_is_never_behind(loaded: Path) -> None:
    ReviewedPage.objects.get(key="nivolumab", locale__language_code="en").delete()
    row = Sentence.objects.get(page_key="nivolumab", language="es", label="what")
    assert row.behind_since is None
