from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import actions
from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.models import Contact


def accept(client: Client, contact: Contact) -> str:
    response = client.post(reverse("desk:accept", args=[contact.pk]), follow=True)
    return response.content.decode()


def test_the_second_to_press_gets_a_kind_message(
    at_desk: Client, luis: Staff, waiting: Contact
) -> None:
    client_of(luis).post(reverse("desk:accept", args=[waiting.pk]))
    assert "Luis has just taken this contact." in accept(at_desk, waiting)
    waiting.refresh_from_db()
    assert waiting.assignee == luis
    assert waiting.events.filter(kind=EventKind.ACCEPTED).count() == 1


def test_a_contact_that_has_ended_cant_be_accepted(at_desk: Client, waiting: Contact) -> None:
    actions.end(acting_user=None, contact_id=waiting.pk, by=AuthorKind.VISITOR)
    assert "has ended" in accept(at_desk, waiting)
    waiting.refresh_from_db()
    assert waiting.assignee is None


def test_accepting_opens_the_contact(at_desk: Client, dana: Staff, waiting: Contact) -> None:
    page = accept(at_desk, waiting)
    assert "Your message to the visitor" in page
    waiting.refresh_from_db()
    assert waiting.assignee == dana


def test_ones_own_second_press_just_opens_it(at_desk: Client, mine: Contact) -> None:
    assert "Your message to the visitor" in accept(at_desk, mine)
    assert mine.events.filter(kind=EventKind.ACCEPTED).count() == 1
