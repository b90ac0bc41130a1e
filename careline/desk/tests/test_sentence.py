from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from careline.contacts.enums import EventKind
from careline.contacts.models import Contact
from careline.content.actions.packs import load_pack
from careline.content.models import Sentence
from careline.content.tests.packmaker import write_pack

CLIENT_ID = "sentence-0123456789abcdef"


@pytest.fixture
def sentence(db: None, tmp_path: Path) -> Sentence:
    load_pack(write_pack(tmp_path / "tiny"))
    found = Sentence.objects.approved().filter(language="en").first()
    assert found is not None
    return found


def send(client: Client, contact: Contact, sentence_id: str) -> int:
    path = reverse("desk:sentence", args=[contact.pk])
    return client.post(path, {"sentence_id": sentence_id, "client_id": CLIENT_ID}).status_code


def sent(contact: Contact) -> list[str]:
    events = contact.events.filter(kind=EventKind.APPROVED_SENTENCE)
    return [event.body["sentence"] for event in events]


def test_a_made_up_sentence_isnt_sent(at_desk: Client, mine: Contact) -> None:
    assert send(at_desk, mine, "s-000000000000") == 409
    assert send(at_desk, mine, "") == 422
    assert sent(mine) == []


def test_a_withdrawn_sentence_isnt_sent(at_desk: Client, mine: Contact, sentence: Sentence) -> None:
    Sentence.objects.filter(pk=sentence.pk).update(approval=None)
    assert send(at_desk, mine, sentence.pk) == 409
    assert sent(mine) == []


def test_one_click_sends_it_once_with_its_citation(
    at_desk: Client, mine: Contact, sentence: Sentence
) -> None:
    for _ in range(2):
        assert send(at_desk, mine, sentence.pk) == 302
    assert sent(mine) == [sentence.pk]
    page = at_desk.get(reverse("desk:contact", args=[mine.pk])).content.decode()
    assert sentence.page_title in page
    assert "Demonstration review" in page
