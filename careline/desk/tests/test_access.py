import uuid

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts.models import Contact, ContactEvent

PLAIN = ["home", "queue", "presence", "keys", "people", "notices"]
OF_A_CONTACT = [
    "contact",
    "accept",
    "decline",
    "assign",
    "hand_back",
    "log",
    "context",
    "send",
    "sentence",
    "attempt",
    "record",
    "end",
    "transfer",
    "step",
    "not_now",
    "among",
    "skip_record",
    "follow_up",
    "find",
    "page",
]
ANSWERS = ("accept", "decline", "not_now")
NEEDS_THE_WHOLE = [name for name in OF_A_CONTACT if name not in ANSWERS]


def paths(contact: Contact) -> list[str]:
    plain = [reverse(f"desk:{name}") for name in PLAIN]
    return plain + [reverse(f"desk:{name}", args=[contact.pk]) for name in OF_A_CONTACT]


def test_nobody_gets_in_without_signing_in(client: Client, mine: Contact) -> None:
    events = ContactEvent.objects.count()
    for path in paths(mine):
        assert client.get(path).headers["Location"].startswith("/staff/sign-in/"), path
        assert client.post(path).headers["Location"] == "/staff/sign-in/", path
    assert ContactEvent.objects.count() == events


def test_words_of_somebody_whose_session_ended_come_back(client: Client, mine: Contact) -> None:
    events = ContactEvent.objects.count()
    for path in paths(mine):
        response = client.post(path, {"text": "my long answer"})
        assert response.status_code == 403, path
        assert "my long answer" in response.content.decode(), path
    assert ContactEvent.objects.count() == events


def test_an_editor_has_no_business_here(edith: Staff, mine: Contact) -> None:
    client = client_of(edith)
    events = ContactEvent.objects.count()
    for path in paths(mine):
        assert client.get(path).status_code == 403, path
        assert client.post(path, {"text": "x"}).status_code == 403, path
    assert ContactEvent.objects.count() == events


@pytest.mark.parametrize("name", NEEDS_THE_WHOLE)
def test_somebody_elses_contact_stays_closed(at_desk: Client, not_mine: Contact, name: str) -> None:
    path = reverse(f"desk:{name}", args=[not_mine.pk])
    posted = {"text": "x", "client_id": "words-12345678", "disposition": "answered", "do": "join"}
    for response in (at_desk.get(path), at_desk.post(path, posted)):
        assert response.status_code in (403, 405)
        assert b"Words for Luis only" not in response.content
    assert not_mine.events.count() == 3


@pytest.mark.parametrize("name", ["log", "context", "send", "sentence", "attempt", "among", "find"])
def test_a_waiting_contact_opens_only_by_accepting(
    at_desk: Client, waiting: Contact, name: str
) -> None:
    path = reverse(f"desk:{name}", args=[waiting.pk])
    for response in (at_desk.get(path), at_desk.post(path, {"text": "x"})):
        assert response.status_code in (403, 405)


@pytest.mark.parametrize("name", [name for name in OF_A_CONTACT if name != "assign"])
def test_a_contact_that_doesnt_exist_is_said_so(at_desk: Client, name: str) -> None:
    path = reverse(f"desk:{name}", args=[uuid.uuid4()])
    statuses = {at_desk.get(path).status_code, at_desk.post(path).status_code}
    assert statuses <= {302, 404, 405}
    assert 200 not in statuses


@pytest.mark.parametrize("name", ["presence", "notices"])
def test_looking_changes_nothing(at_desk: Client, name: str) -> None:
    assert at_desk.get(reverse(f"desk:{name}")).status_code == 405


def test_a_form_without_its_token_is_refused_and_nothing_typed_is_lost(
    dana: Staff, mine: Contact
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dana, backend="allauth.account.auth_backends.AuthenticationBackend")
    path = reverse("desk:send", args=[mine.pk])
    response = client.post(path, {"text": "long and careful words", "client_id": "words-12345678"})
    assert response.status_code == 403
    assert "long and careful words" in response.content.decode()
    assert mine.events.count() == 3
