"""What the desk shows of a contact that its visitor has deleted."""

import pytest
from django.test import Client
from django.urls import reverse

from careline.contacts import log as contact_log
from careline.contacts import visitor_actions
from careline.contacts.enums import AuthorKind
from careline.contacts.live import hub
from careline.contacts.models import Contact

pytestmark = pytest.mark.django_db


def test_the_page_says_so_and_holds_no_words(at_desk: Client, mine: Contact) -> None:
    visitor_actions.delete(contact_id=mine.pk)
    page = at_desk.get(reverse("desk:contact", args=[mine.pk])).content.decode()
    assert "The visitor deleted this conversation." in page
    assert "My first words" not in page
    assert "Save the record" not in page


def test_an_answer_comes_too_late(at_desk: Client, mine: Contact) -> None:
    visitor_actions.delete(contact_id=mine.pk)
    fields = {"text": "hello", "client_id": "late-1"}
    reply = at_desk.post(reverse("desk:send", args=[mine.pk]), fields)
    assert reply.status_code == 409
    assert len(contact_log.after(mine.pk)) == 1


@pytest.mark.parametrize("position", [0, 2, 3])
def test_an_open_stream_learns_of_it_wherever_it_stood(mine: Contact, position: int) -> None:
    stream = hub.Stream(mine.pk, AuthorKind.SPECIALIST, position)
    visitor_actions.delete(contact_id=mine.pk)
    hub._deliver_to(stream, [hub._render(event) for event in contact_log.after(mine.pk, position)])
    assert stream.closed
    assert stream.size > 0
