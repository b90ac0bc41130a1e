import pytest
from django.test import Client
from django.urls import reverse

from careline.contacts.enums import EventKind
from careline.contacts.models import Contact


def end(client: Client, contact: Contact, reason: str = "finished") -> str:
    path = reverse("desk:end", args=[contact.pk])
    return client.post(path, {"reason": reason}, follow=True).content.decode()


def test_ending_twice_ends_once_and_asks_for_the_wrap_up(at_desk: Client, mine: Contact) -> None:
    for _ in range(2):
        page = end(at_desk, mine)
        assert "Wrap-up" in page
    assert mine.events.filter(kind=EventKind.ENDED).count() == 1
    mine.refresh_from_db()
    assert mine.end_reason == "finished"


@pytest.mark.parametrize("reason", ["", "boredom", "done"])
def test_a_reason_that_isnt_the_channels_becomes_the_usual_one(
    at_desk: Client, mine: Contact, reason: str
) -> None:
    end(at_desk, mine, reason)
    mine.refresh_from_db()
    assert mine.end_reason == "finished"
