"""A further language takes a translator: pages in a pack and a setting, not a line of code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches

from careline.content.actions.packs import load_pack
from careline.content.models import Sentence
from careline.content.packs import PackRefused
from careline.content.tests.conftest import whole_answer
from careline.content.tests.packmaker import edit
from careline.core import choices

LANGUAGES = choices.languages("UNSET", "en,es,pt", first="en")
PAGE = """\
---
key: how-it-works
type: article
topic: basics
title: Como funciona
summary: O que faz.
order: 10
---
## O corpo {#body}
A imunoterapia ajuda o corpo a combater o câncer. [^acs] {#what}
"""
WORDS = "A imunoterapia ajuda o corpo a combater o câncer."


@pytest.fixture
def translated(pack_folder: Path) -> Path:
    """The small pack with one page of it in Portuguese, and not a word more."""
    edit(pack_folder, "pack.yaml", "languages: [en, es]", "languages: [en, es, pt]")
    edit(pack_folder, "pack.yaml", "demonstration:", "in_progress: [pt]\ndemonstration:")
    (pack_folder / "pages/pt").mkdir()
    (pack_folder / "pages/pt/how-it-works.md").write_text(PAGE, encoding="utf-8")
    return pack_folder


@pytest.fixture
def third_language() -> Iterator[None]:
    with override_settings(LANGUAGES=LANGUAGES, WAGTAIL_CONTENT_LANGUAGES=LANGUAGES):
        clear_url_caches()
        yield
    clear_url_caches()


@pytest.fixture
def loaded_too(db: None, translated: Path, third_language: None) -> Path:
    load_pack(translated)
    return translated


def test_a_language_that_is_not_in_progress_has_to_be_complete(translated: Path, db: None) -> None:
    edit(translated, "pack.yaml", "in_progress: [pt]\n", "")
    with pytest.raises(PackRefused):
        load_pack(translated)


def test_the_first_language_cannot_be_in_progress(translated: Path, db: None) -> None:
    edit(translated, "pack.yaml", "in_progress: [pt]", "in_progress: [en]")
    with pytest.raises(PackRefused):
        load_pack(translated)


def test_the_page_is_read_in_the_new_language(client: Client, loaded_too: Path) -> None:
    response = client.get("/pt/how-it-works/")
    shown = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="pt"' in shown
    assert WORDS in shown


def test_the_interface_falls_back(client: Client, loaded_too: Path) -> None:
    assert "Is your question still open?" in client.get("/pt/how-it-works/").content.decode()
    assert client.get("/pt/").status_code == 200


def test_a_page_that_nobody_translated_yet_is_not_there(client: Client, loaded_too: Path) -> None:
    assert client.get("/pt/nivolumab/").status_code == 404


def test_every_page_leads_to_the_new_language(client: Client, loaded_too: Path) -> None:
    assert "Português" in client.get("/en/how-it-works/").content.decode()


def test_its_sentences_answer(loaded_too: Path) -> None:
    assert [each.text for each in whole_answer("pt")] == [WORDS]


def test_it_follows_its_source_like_any_translation(loaded_too: Path) -> None:
    source = "Immunotherapy helps the body fight cancer."
    edit(loaded_too, "pages/en/how-it-works.md", source, "Immunotherapy helps your body.")
    load_pack(loaded_too)
    assert not Sentence.objects.get(language="pt", label="what").is_approved()
