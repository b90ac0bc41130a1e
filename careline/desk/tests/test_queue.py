import datetime as dt

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.accounts.actions import Training, set_competencies
from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import actions
from careline.contacts import log as contact_log
from careline.contacts.actions import Details
from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.log import Draft
from careline.contacts.models import Contact, StaffPresence
from careline.contacts.presence import set_accepting
from careline.contacts.tests.factories import open_chat
from careline.core import clock
from careline.core.models import AuditEntry
from careline.desk.queue import desk_lists, queue_item

PEOPLE = st.permutations([(0, 5), (4, 1), (0, 9), (2, 3), (4, 2)])


@pytest.mark.django_db
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE)
def test_danger_goes_first_and_then_the_longest_wait_whoever_came_first(
    dana: Staff, people: list[tuple[int, int]]
) -> None:
    now = clock.now()
    Contact.objects.all().delete()
    for rank, minutes in people:
        since = now - dt.timedelta(minutes=minutes)
        Contact.objects.create(
            channel="chat",
            flag_rank=rank,
            waiting_since=since,
            delete_after=now,
            statistics_delete_after=now,
        )

    chats = desk_lists(dana, now).chats

    assert [(item.contact.flag_rank, item.minutes) for item in chats] == [
        (4, 2),
        (4, 1),
        (2, 3),
        (0, 9),
        (0, 5),
    ]


def test_an_empty_desk_says_what_will_appear(at_desk: Client) -> None:
    page = at_desk.get("/desk/").content.decode()
    assert "Nobody waits." in page
    assert "Contacts that you accept show here." in page
    assert "The conversation shows here" in page


def test_a_line_says_why_and_how_long(at_desk: Client, waiting: Contact) -> None:
    since = clock.now() - dt.timedelta(minutes=7, seconds=20)
    Contact.objects.filter(pk=waiting.pk).update(waiting_since=since)
    page = at_desk.get("/desk/queue/").content.decode()
    assert "My first words" in page
    assert "waits 7 minutes" in page
    assert "English" in page


def test_only_the_first_words_show_and_what_follows_doesnt(
    at_desk: Client, waiting: Contact
) -> None:
    actions.send_visitor_message(
        contact_id=waiting.pk, text="A secret that came later", client_id="later-1234"
    )
    for path in ("/desk/", "/desk/queue/", f"/desk/contacts/{waiting.pk}/"):
        page = at_desk.get(path).content.decode()
        assert "My first words" in page
        assert "A secret that came later" not in page


def test_first_words_after_any_number_of_offers_show_with_their_mark(dana: Staff) -> None:
    silent = open_chat("")
    for _offer in range(3):
        body = {"to": dana.pk, "name": "Dana", "until": clock.now().isoformat(), "because": []}
        offer = Draft(silent.pk, EventKind.OFFERED, AuthorKind.SERVICE, body)
        lapsed = {"offer": contact_log.append(offer).seq, "to": dana.pk, "why": "time"}
        contact_log.append(Draft(silent.pk, EventKind.OFFER_LAPSED, AuthorKind.SERVICE, lapsed))
    actions.send_visitor_message(
        contact_id=silent.pk, text="I can't breathe at all", client_id="first-1234"
    )
    actions.send_visitor_message(contact_id=silent.pk, text="Later", client_id="later-1234")

    words = queue_item(dana, silent).first_words

    assert "".join(piece.text for piece in words) == "I can't breathe at all"
    assert any(piece.raised for piece in words)


def test_a_long_first_message_is_cut(at_desk: Client, db: None) -> None:
    open_chat("word " * 100 + "the end")
    page = at_desk.get("/desk/queue/").content.decode()
    assert "…" in page
    assert "the end" not in page


def test_the_queue_leaves_no_view_in_the_audit_trail(at_desk: Client, waiting: Contact) -> None:
    at_desk.get("/desk/queue/")
    assert not AuditEntry.objects.filter(action="contact.view").exists()


def test_what_was_typed_is_shown_as_text(at_desk: Client, db: None) -> None:
    open_chat("<script>alert(1)</script> <b>bold</b>")
    page = at_desk.get("/desk/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;bold" in page


def test_other_peoples_contacts_are_for_supervisors(
    at_desk: Client, susan: Staff, not_mine: Contact
) -> None:
    assert "Words for Luis only" not in at_desk.get("/desk/").content.decode()
    page = client_of(susan).get("/desk/").content.decode()
    assert "With others" in page
    assert "Words for Luis only" in page


def test_chats_callbacks_and_messages_stand_apart(dana: Staff, waiting: Contact) -> None:
    callback = actions.request_callback(
        language="en",
        topic="",
        text="call me",
        start_id="callback-1",
        details=Details(phone="+12025550123"),
    )
    lists = desk_lists(dana)
    assert [item.contact for item in lists.chats] == [waiting]
    assert [item.contact for item in lists.requests] == [callback]


def test_a_language_or_topic_outside_ones_training_is_said(dana: Staff, db: None) -> None:
    open_chat(language="es")
    today = clock.today()
    assert not desk_lists(dana).chats[0].trained
    set_competencies(dana, [Training("", "es", today - dt.timedelta(days=1))], acting_user=None)
    assert not desk_lists(dana).chats[0].trained
    set_competencies(dana, [Training("", "es", today)], acting_user=None)
    assert desk_lists(dana).chats[0].trained


def test_an_open_desk_keeps_its_presence_fresh(at_desk: Client, dana: Staff) -> None:
    set_accepting(acting_user=dana, accepting=True)
    old = clock.now() - dt.timedelta(minutes=2)
    StaffPresence.objects.update(seen_at=old)
    at_desk.get("/desk/queue/")
    assert StaffPresence.objects.get(staff=dana).seen_at > old


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 minutes"), (1, "1 minute"), (95, "2 hours"), (3000, "2 days")]
)
def test_waits_are_said_as_people_say_them(
    dana: Staff, waiting: Contact, minutes: int, words: str
) -> None:
    now = (waiting.waiting_since or clock.now()) + dt.timedelta(minutes=minutes, seconds=1)
    assert desk_lists(dana, now).chats[0].wait == words
