"""Offers on the desk: refusals first, then what is shown and what each button does."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.actions import Training, set_competencies
from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import presence
from careline.contacts.enums import DeskState, EventKind
from careline.contacts.models import Contact, StaffPresence
from careline.contacts.routing import run
from careline.contacts.tests.factories import open_chat
from careline.core import clock
from careline.desk.offers import end_of_shift
from careline.desk.people import people_at_desk
from careline.desk.queue import desk_lists


@pytest.fixture
def offered(dana: Staff) -> Contact:
    """A chat that is being offered to Dana."""
    presence.set_accepting(acting_user=dana, accepting=True)
    set_competencies(dana, [Training("", "en", clock.today())], acting_user=None)
    contact = open_chat("My first words")
    run.route()
    contact.refresh_from_db()
    return contact


def press(client: Client, name: str, contact: Contact, **fields: object) -> str:
    path = reverse(f"desk:{name}", args=[contact.pk])
    return client.post(path, fields, follow=True).content.decode()


def test_somebody_elses_offer_cant_be_declined(luis: Staff, offered: Contact) -> None:
    page = press(client_of(luis), "decline", offered, offer=offered.offer_seq)
    assert "This offer is over" in page
    offered.refresh_from_db()
    assert offered.offered_to is not None


@pytest.mark.parametrize("number", ["", "x", "999", "²"])
def test_an_offer_that_isnt_open_is_said_so(at_desk: Client, offered: Contact, number: str) -> None:
    assert "This offer is over" in press(at_desk, "decline", offered, offer=number)


def test_a_specialist_cant_give_to_others(at_desk: Client, luis: Staff, mine: Contact) -> None:
    path = reverse("desk:assign", args=[mine.pk])
    assert at_desk.post(path, {"to": luis.pk}).status_code == 403
    mine.refresh_from_db()
    assert mine.assignee != luis


def test_a_contact_is_given_only_to_who_is_at_the_desk(
    susan: Staff, luis: Staff, mine: Contact
) -> None:
    page = press(client_of(susan), "assign", mine, to=luis.pk)
    assert "Choose somebody who is at the desk" in page
    presence.set_accepting(acting_user=luis, accepting=True)
    page = press(client_of(susan), "assign", mine, to=luis.pk)
    assert "Luis has the contact now" in page
    mine.refresh_from_db()
    assert mine.assignee == luis


def test_an_offer_says_why_and_until_when_and_stands_alone(
    at_desk: Client, offered: Contact
) -> None:
    page = at_desk.get("/desk/").content.decode()
    assert "Offered to you" in page
    assert "waits longest, trained in this language, nobody else who fits is free" in page
    assert page.count(reverse("desk:accept", args=[offered.pk])) == 1


def test_others_see_to_whom_it_is_offered_and_what_is_next(luis: Staff, offered: Contact) -> None:
    [item] = desk_lists(luis).chats
    assert item.next_step == "offered to Dana"
    open_chat("hola", language="es")
    spanish = desk_lists(luis).chats[1]
    assert spanish.next_step == "nobody trained is at the desk: a supervisor decides"


def test_declining_passes_it_on(at_desk: Client, offered: Contact) -> None:
    page = press(at_desk, "decline", offered, offer=offered.offer_seq)
    assert "Offered to you" not in page
    assert "passed on; asked anew in a moment" in page


def test_accepting_the_offer_opens_it_and_the_log_tells_how_it_came(
    at_desk: Client, offered: Contact
) -> None:
    page = press(at_desk, "accept", offered)
    assert "Your message to the visitor" in page
    assert "Offered to Dana: waits longest" in page


def test_handing_back_puts_it_in_the_queue(at_desk: Client, mine: Contact) -> None:
    assert "back in the queue" in press(at_desk, "hand_back", mine)
    mine.refresh_from_db()
    assert mine.assignee is None
    assert mine.events.filter(kind=EventKind.RELEASED).count() == 1


@pytest.mark.parametrize("state", ["after_call", "away", "break", "available"])
def test_the_switch_says_what_one_does(at_desk: Client, dana: Staff, state: str) -> None:
    page = at_desk.post("/desk/presence/", {"state": state}, follow=True).content.decode()
    assert presence.state_of(dana) == state
    assert f">{DeskState(state).label}<" in page


def test_who_missed_offers_is_told_why_nothing_comes(at_desk: Client, offered: Contact) -> None:
    StaffPresence.objects.update(missed_offers=1)
    run.tick(clock.now() + dt.timedelta(seconds=31))
    assert "Two offers went unanswered" in at_desk.get("/desk/queue/").content.decode()


class TestPeople:
    def test_only_supervisors_see_them_and_say_how_much(
        self, at_desk: Client, dana: Staff, susan: Staff
    ) -> None:
        path = reverse("desk:capacity", args=[dana.pk])
        assert at_desk.get(reverse("desk:people")).status_code == 403
        assert at_desk.post(path, {"at_once": "9"}).status_code == 403
        assert client_of(susan).post(reverse("desk:capacity", args=[0])).status_code == 404
        for nonsense in ("", "0", "10", "-1", "²"):
            page = client_of(susan).post(path, {"at_once": nonsense}, follow=True)
            assert "Choose a number from 1 to 9." in page.content.decode()
        assert not StaffPresence.objects.filter(staff=dana).exclude(capacity=None).exists()

    def test_each_is_shown_with_what_they_do_and_may_have(
        self, susan: Staff, dana: Staff, offered: Contact
    ) -> None:
        client = client_of(susan)
        client.post(reverse("desk:capacity", args=[dana.pk]), {"at_once": "4"})
        page = client.get(reverse("desk:people")).content.decode()
        assert "Dana" in page
        assert "is being asked" in page
        assert 'value="4"' in page


def test_the_end_of_the_shift_is_the_next_time_it_is_that_late() -> None:
    noon = dt.datetime(2026, 11, 23, 18, 0, tzinfo=dt.UTC)  # in the service's zone
    assert end_of_shift("", noon) is None
    assert end_of_shift("late", noon) is None
    assert end_of_shift("17:00", noon) == noon + dt.timedelta(hours=5)
    assert end_of_shift("08:00", noon) == noon + dt.timedelta(hours=20)


def test_whose_shift_ends_is_shown_until_when_and_then_away(at_desk: Client, dana: Staff) -> None:
    page = at_desk.post("/desk/presence/", {"state": "available", "until": "23:59"}, follow=True)
    assert "Taking contacts until" in page.content.decode()
    StaffPresence.objects.update(leaves_at=clock.now())
    assert ">Away<" in at_desk.get("/desk/").content.decode()


@pytest.mark.parametrize("button", [{"state": "after_call"}, {"accepting": "no"}])
def test_a_record_or_a_break_leaves_the_end_of_the_shift(
    at_desk: Client, dana: Staff, button: dict[str, str]
) -> None:
    at_desk.post("/desk/presence/", {"state": "available", "until": "23:59"})
    end = StaffPresence.objects.get(staff=dana).leaves_at
    assert end

    page = at_desk.post("/desk/presence/", button, follow=True).content.decode()
    assert StaffPresence.objects.get(staff=dana).leaves_at == end
    # Coming back doesn't forget it either: the field holds it.
    assert 'value="23:59"' in page
    assert "On a break until" not in page
    [line] = people_at_desk(clock.now())
    assert line.leaves_at is None
    at_desk.post("/desk/presence/", {"state": "away"})
    assert StaffPresence.objects.get(staff=dana).leaves_at is None


def test_who_comes_back_after_the_end_of_their_shift_gets_contacts(
    at_desk: Client, dana: Staff
) -> None:
    at_desk.post("/desk/presence/", {"state": "available", "until": "23:59"})
    StaffPresence.objects.update(leaves_at=clock.now())
    at_desk.post("/desk/presence/", {"accepting": "yes"})
    assert presence.is_accepting(dana)


def test_a_contact_that_came_back_is_labelled(luis: Staff, mine: Contact) -> None:
    press(client_of(mine.assignee or luis), "hand_back", mine)
    assert "Came back to the queue" in client_of(luis).get("/desk/").content.decode()
