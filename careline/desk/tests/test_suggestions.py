from collections.abc import Sequence
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.answers import index
from careline.contacts import actions
from careline.contacts.tests.factories import open_chat
from careline.content.actions.packs import load_pack
from careline.content.models import Sentence
from careline.content.tests.packmaker import write_pack
from careline.desk.suggestions import suggestions_for


@pytest.fixture
def loaded(db: None, tmp_path: Path) -> None:
    load_pack(write_pack(tmp_path / "tiny"))


@pytest.mark.django_db
def test_no_words_no_suggestions() -> None:
    assert suggestions_for("", "en") == []
    assert suggestions_for("  \n", "en") == []


@pytest.mark.django_db
def test_without_any_content_the_desk_still_works() -> None:
    assert suggestions_for("What is nivolumab?", "en") == []


class _FailingEncoder:
    name = "failing"

    def encode(self, texts: Sequence[str]) -> None:
        raise RuntimeError


def test_the_conversation_opens_whatever_fails_behind_them(
    loaded: None, monkeypatch: pytest.MonkeyPatch, at_desk: Client, dana: Staff
) -> None:
    contact = open_chat("What is nivolumab?")
    actions.accept(acting_user=dana, contact_id=contact.pk)
    monkeypatch.setattr(index, "encoder", _FailingEncoder)
    index.forget()
    page = at_desk.get(reverse("desk:contact", args=[contact.pk]))
    index.forget()
    assert page.status_code == 200
    assert "What is nivolumab?" in page.content.decode()


def test_what_is_suggested_is_approved_and_in_the_contacts_language(loaded: None) -> None:
    for suggestion in suggestions_for("How does nivolumab work?", "es"):
        found = Sentence.objects.get(pk=suggestion.sentence.id)
        assert found.language == "es"
        assert found.is_approved()


def test_the_page_offers_them_with_one_button_each(
    loaded: None, at_desk: Client, dana: Staff
) -> None:
    text = Sentence.objects.approved().filter(language="en")[0].shown_text
    contact = open_chat(text)
    actions.accept(acting_user=dana, contact_id=contact.pk)
    page = at_desk.get(reverse("desk:contact", args=[contact.pk])).content.decode()
    assert reverse("desk:sentence", args=[contact.pk]) in page
    assert "Send with its source" in page
