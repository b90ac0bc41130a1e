from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import actions
from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.models import Contact
from careline.core.models import AuditEntry

CLIENT_ID = "words-0123456789abcdef"


def send(client: Client, contact: Contact, text: str, **more: Any) -> Any:
    path = reverse("desk:send", args=[contact.pk])
    return client.post(path, {"text": text, "client_id": CLIENT_ID}, **more)


def words_in(contact: Contact) -> list[str]:
    events = contact.events.filter(kind=EventKind.SPECIALIST_MESSAGE).order_by("seq")
    return [event.body["text"] for event in events]


@pytest.mark.parametrize("text", ["", "   \n\t ", "\x00\x01"])
def test_nothing_is_nothing_to_send(at_desk: Client, mine: Contact, text: str) -> None:
    response = send(at_desk, mine, text)
    assert response.status_code == 422
    assert "Write something first." in response.content.decode()
    assert words_in(mine) == []


def test_too_long_is_refused_and_kept(at_desk: Client, mine: Contact) -> None:
    response = send(at_desk, mine, "long " * 5000)
    assert response.status_code == 422
    page = response.content.decode()
    assert "too long" in page
    assert "long long long" in page
    assert words_in(mine) == []


def test_after_the_end_nothing_is_sent_and_the_words_are_kept(
    at_desk: Client, mine: Contact
) -> None:
    actions.end(acting_user=None, contact_id=mine.pk, by=AuthorKind.VISITOR)
    response = send(at_desk, mine, "words that took a while")
    assert response.status_code == 409
    page = response.content.decode()
    assert "has ended" in page
    assert "words that took a while" in page
    assert words_in(mine) == []


def test_before_accepting_a_supervisor_cant_write(susan: Staff, waiting: Contact) -> None:
    response = send(client_of(susan), waiting, "hello")
    assert response.status_code == 409
    assert "Accept this contact first" in response.content.decode()


def test_a_double_press_stores_once(at_desk: Client, mine: Contact) -> None:
    for _ in range(2):
        response = send(at_desk, mine, "Hello, I am Dana")
        assert response.headers["Location"] == reverse("desk:contact", args=[mine.pk])
    assert words_in(mine) == ["Hello, I am Dana"]


def test_emoji_and_lines_stay_and_control_characters_go(at_desk: Client, mine: Contact) -> None:
    send(at_desk, mine, "Hello 🌿\r\nsecond line\x07")
    assert words_in(mine) == ["Hello 🌿\nsecond line"]


def test_what_is_sent_shows_under_ones_alias(at_desk: Client, mine: Contact) -> None:
    send(at_desk, mine, "Hello there")
    page = at_desk.get(reverse("desk:contact", args=[mine.pk])).content.decode()
    assert "Hello there" in page
    assert "message--mine" in page
    assert "Dana" in page


def test_no_word_reaches_the_audit_trail(at_desk: Client, mine: Contact) -> None:
    send(at_desk, mine, "a very private word")
    assert "private" not in str(list(AuditEntry.objects.values()))


class TestInTheBackground:
    """The same, asked by the page's script."""

    HEADERS = {"HTTP_ACCEPT": "application/json"}

    def test_a_refusal_comes_with_its_reason(self, at_desk: Client, mine: Contact) -> None:
        reply = send(at_desk, mine, " ", **self.HEADERS)
        assert reply.status_code == 422
        assert reply.json() == {"stored": False, "reasons": ["Write something first."]}

    def test_an_end_comes_with_its_reason(self, at_desk: Client, mine: Contact) -> None:
        actions.end(acting_user=None, contact_id=mine.pk, by=AuthorKind.VISITOR)
        reply = send(at_desk, mine, "hello", **self.HEADERS)
        assert reply.status_code == 409
        assert reply.json()["stored"] is False

    def test_stored_means_stored(self, at_desk: Client, mine: Contact) -> None:
        assert send(at_desk, mine, "hello", **self.HEADERS).json() == {"stored": True}
        assert words_in(mine) == ["hello"]


@pytest.mark.parametrize("key", ["", "short", "a b c d e", "x" * 65, "\x00" * 9])
def test_a_strange_key_is_no_reason_to_refuse(at_desk: Client, mine: Contact, key: str) -> None:
    path = reverse("desk:send", args=[mine.pk])
    assert at_desk.post(path, {"text": "my words", "client_id": key}).status_code == 302
    assert words_in(mine) == ["my words"]


def test_words_that_were_changed_before_a_second_try_are_stored_too(
    at_desk: Client, mine: Contact
) -> None:
    for text in ("one", "two", "two"):
        send(at_desk, mine, text)
    assert words_in(mine) == ["one", "two"]
