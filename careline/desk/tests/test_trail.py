"""Nobody on the staff reads a conversation without a right to it, and without a trace."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts.live.staff import Question, StaffRoom
from careline.contacts.models import Contact
from careline.core import clock
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db
PIECES = ("desk:log", "desk:context")


def looks(contact: Contact) -> list[str]:
    rows = AuditEntry.objects.filter(action="contact.view", subject_id=str(contact.pk))
    return [str(row.actor) for row in rows]


def stream(client: Client, contact: Contact) -> Staff | None:
    [person] = StaffRoom().answers([Question(client.session.session_key or "", contact.pk, True)])
    return person


def test_a_specialist_who_is_not_on_the_contact_reads_nothing(luis: Staff, mine: Contact) -> None:
    browser = client_of(luis)
    for name in ("desk:contact", *PIECES):
        reply = browser.get(reverse(name, args=[mine.pk]))
        assert reply.status_code == 403
        assert "My first words" not in reply.content.decode()
    assert looks(mine) == []


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_without_its_page_leaves_a_trace(susan: Staff, mine: Contact, name: str) -> None:
    assert client_of(susan).get(reverse(name, args=[mine.pk])).status_code == 200
    assert looks(mine) == [str(susan)]


@pytest.mark.django_db(transaction=True)
def test_a_stream_without_a_page_leaves_a_trace(luis: Staff, susan: Staff, mine: Contact) -> None:
    assert stream(client_of(luis), mine) is None
    assert stream(client_of(susan), mine) == susan
    assert looks(mine) == [str(susan)]


def test_a_page_that_stays_open_is_one_look_an_hour(susan: Staff, mine: Contact) -> None:
    browser = client_of(susan)
    browser.get(reverse("desk:contact", args=[mine.pk]))
    for name in PIECES:
        browser.get(reverse(name, args=[mine.pk]))
    assert len(looks(mine)) == 1
    with time_machine.travel(clock.now() + dt.timedelta(hours=1, minutes=1), tick=False):
        browser.get(reverse("desk:log", args=[mine.pk]))
    assert len(looks(mine)) == 2
