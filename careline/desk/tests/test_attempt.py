import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.contacts import actions
from careline.contacts.actions import Details
from careline.contacts.enums import EventKind
from careline.contacts.models import Contact

CLIENT_ID = "attempt-0123456789abcdef"


@pytest.fixture
def callback(dana: Staff) -> Contact:
    contact = actions.request_callback(
        language="en",
        topic="",
        text="Please call me",
        start_id="callback-1",
        details=Details(phone="+12025550123"),
    )
    return actions.accept(acting_user=dana, contact_id=contact.pk)


def note(client: Client, contact: Contact, outcome: str) -> str:
    path = reverse("desk:attempt", args=[contact.pk])
    sent = {"outcome": outcome, "client_id": CLIENT_ID}
    return client.post(path, sent, follow=True).content.decode()


@pytest.mark.parametrize("outcome", ["", "danced"])
def test_an_attempt_needs_an_outcome(at_desk: Client, callback: Contact, outcome: str) -> None:
    page = note(at_desk, callback, outcome)
    assert "field__error" in page
    assert not callback.events.filter(kind=EventKind.CALL_ATTEMPT).exists()


def test_an_attempt_is_noted_once_and_shown(at_desk: Client, callback: Contact) -> None:
    note(at_desk, callback, "no_answer")
    page = note(at_desk, callback, "no_answer")
    assert "Dana: No answer" in page
    assert "1 attempt so far" in page
    assert callback.events.filter(kind=EventKind.CALL_ATTEMPT).count() == 1
