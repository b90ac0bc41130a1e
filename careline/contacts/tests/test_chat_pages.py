"""The chat's pages without JavaScript: refusals, opening, speaking, ending, coming back."""

import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from careline.contacts import actions, presence, tokens
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind, EndReason, Status
from careline.contacts.models import Contact, StaffPresence
from careline.contacts.tests.factories import accepted_chat, make_specialist, open_chat

pytestmark = pytest.mark.django_db
OPEN_AT = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/Chicago"))
NIGHT = dt.datetime(2026, 11, 22, 3, 0, tzinfo=ZoneInfo("America/Chicago"))
DANGER = "I can't breathe since the infusion"


@pytest.fixture
def chat_is_open() -> Iterator[None]:
    """Give a Monday morning with somebody at the desk."""
    with time_machine.travel(OPEN_AT, tick=False):
        presence.set_accepting(acting_user=make_specialist(), accepting=True)
        yield


@pytest.fixture
def chat_is_closed() -> Iterator[None]:
    """Give a Sunday night."""
    with time_machine.travel(NIGHT, tick=False):
        yield


def holding(contact: Contact) -> Client:
    browser = Client()
    browser.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)
    return browser


def kinds(contact: Contact) -> list[str]:
    return [event.kind for event in contact_log.after(contact.pk)]


@pytest.mark.usefixtures("chat_is_closed")
class TestClosed:
    def test_it_says_when_chat_opens_and_offers_the_other_ways(self, client: Client) -> None:
        page = client.get("/en/chat/").content.decode()
        assert "Chat is closed at the moment" in page
        assert "2026-11-23T07:00:00-06:00" in page
        assert "/en/callback/" in page
        assert "/en/message/" in page
        assert "Start the chat" not in page

    def test_what_was_typed_before_it_closed_goes_along(self, client: Client) -> None:
        typed = {"text": 'My "words" <b>', "name": "Ana", "start_id": "x"}
        page = client.post("/en/chat/", typed)
        assert "Chat has just closed" in page.content.decode()
        assert "My &quot;words&quot; &lt;b&gt;" in page.content.decode()
        assert not Contact.objects.exists()
        form = client.post("/en/callback/", {"carry": "1", **typed}).content.decode()
        assert "My &quot;words&quot; &lt;b&gt;" in form
        assert "error-summary" not in form
        assert not Contact.objects.exists()

    def test_danger_comes_first_though_chat_is_closed(self, client: Client) -> None:
        page = client.post("/en/chat/", {"text": DANGER}).content.decode()
        assert page.index("care-card--emergency") < page.index("<h1")


@pytest.mark.usefixtures("chat_is_open")
class TestNotOpenThoughInHours:
    def test_it_is_honest_when_nobody_is_there(self, client: Client) -> None:
        StaffPresence.objects.update(state="break")
        page = client.get("/en/chat/").content.decode()
        assert "We can't say when a specialist will be free for chat" in page

    def test_it_is_honest_when_too_many_wait(self, client: Client, settings: Settings) -> None:
        settings.CHAT_QUEUE_CAP = 1
        open_chat()
        assert "Many people are waiting" in client.get("/en/chat/").content.decode()


@pytest.mark.usefixtures("chat_is_open")
class TestStart:
    def test_too_long_a_text_is_kept_and_explained(self, client: Client) -> None:
        page = client.post("/en/chat/", {"text": "x" * 20_001})
        assert page.status_code == 422
        assert "error-summary" in page.content.decode()
        assert "x" * 20_001 in page.content.decode()
        assert not Contact.objects.exists()

    def test_too_often_from_one_place(self, client: Client) -> None:
        statuses = [client.post("/en/chat/", {"text": "hi"}).status_code for _ in range(21)]
        assert statuses == [302] * 20 + [429]

    def test_everything_can_be_left_out(self, client: Client) -> None:
        response = client.post("/en/chat/", {})
        assert response.status_code == 302
        assert kinds(Contact.objects.get()) == ["opened"]

    def test_a_strange_topic_or_key_is_no_reason_to_refuse(self, client: Client) -> None:
        client.post(
            "/en/chat/", {"topic": "gone", "start_id": "\x00" * 99, "name": "\x00Ana\n Maria "}
        )
        contact = Contact.objects.get()
        assert (contact.topic, contact.details.name) == ("", "Ana Maria")

    def test_a_double_click_opens_one_chat(self, client: Client) -> None:
        page = client.get("/en/chat/").content.decode()
        match = re.search(r'name="start_id" value="([^"]+)"', page)
        assert match
        for _twice in range(2):
            client.post("/en/chat/", {"text": "hello", "start_id": match[1]})
        assert kinds(Contact.objects.get()) == ["opened", "visitor_message"]

    def test_it_leads_to_the_conversation_which_a_reload_finds_again(self, client: Client) -> None:
        response = client.post("/es/chat/", {"text": "hola", "name": "Ana"})
        cookie = response.cookies[tokens.COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        for _reload in range(2):
            page = client.get(response["Location"])
            assert "hola" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert Contact.objects.get().language == "es"

    def test_danger_is_stored_flagged_and_answered_with_the_card_first(
        self, client: Client
    ) -> None:
        page = client.post("/en/chat/", {"text": DANGER}, follow=True).content.decode()
        assert kinds(Contact.objects.get()) == ["opened", "visitor_message", "flag"]
        assert page.index("care-card--emergency") < page.index("<h1")


class TestNobodysConversation:
    @pytest.mark.parametrize("cookie", [None, "", "forged", "a:b:c"])
    def test_without_a_token_it_offers_to_begin(self, client: Client, cookie: str | None) -> None:
        if cookie is not None:
            client.cookies[tokens.COOKIE] = cookie
        page = client.get("/en/chat/now/")
        assert page.status_code == 200
        assert "We can't find your conversation" in page.content.decode()

    def test_what_was_typed_is_kept(self, client: Client) -> None:
        page = client.post("/en/chat/send/", {"text": "my words"}).content.decode()
        assert "my words" in page

    def test_an_old_token_opens_nothing(self, client: Client) -> None:
        contact = open_chat()
        with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(hours=13)):
            old = tokens.token_of(contact.pk)
        client.cookies[tokens.COOKIE] = old
        assert "hello" not in client.get("/en/chat/now/").content.decode()

    def test_a_get_ends_nothing(self) -> None:
        contact = open_chat()
        assert holding(contact).get("/en/chat/end/").status_code == 405
        contact.refresh_from_db()
        assert contact.status == Status.WAITING


class TestConversation:
    def test_an_empty_message_is_refused_kindly(self) -> None:
        contact = open_chat()
        page = holding(contact).post("/en/chat/send/", {"text": " \x00 "})
        assert page.status_code == 422
        assert "Write something first" in page.content.decode()
        assert len(kinds(contact)) == 2

    def test_the_same_form_sent_twice_stores_once(self) -> None:
        contact = open_chat()
        browser = holding(contact)
        for _twice in range(2):
            browser.post("/en/chat/send/", {"text": "again", "client_id": "k1"})
        assert kinds(contact) == ["opened", "visitor_message", "visitor_message"]

    @pytest.mark.parametrize("key", ["", "a b", "x" * 65, "\x00"])
    def test_a_strange_key_is_no_reason_to_refuse(self, key: str) -> None:
        contact = open_chat()
        holding(contact).post("/en/chat/send/", {"text": "my words", "client_id": key})
        assert contact_log.after(contact.pk)[-1].body["text"] == "my words"

    def test_words_that_were_changed_under_an_old_key_are_stored_too(self) -> None:
        contact = open_chat()
        for text in ("one", "two"):
            holding(contact).post("/en/chat/send/", {"text": text, "client_id": "k1"})
        texts = [event.body["text"] for event in contact_log.after(contact.pk)[2:]]
        assert texts == ["one", "two"]

    def test_each_page_brings_a_fresh_key(self) -> None:
        browser = holding(open_chat())
        pages = [browser.get("/en/chat/now/").content.decode() for _ in range(2)]
        keys = [re.search(r'name="client_id" value="([^"]+)"', page) for page in pages]
        assert keys[0]
        assert keys[1]
        assert keys[0][1] != keys[1][1]

    def test_it_shows_both_sides_and_who_is_there(self) -> None:
        contact, specialist = accepted_chat("<i>itchy</i>")
        actions.send_specialist_message(
            acting_user=specialist, contact_id=contact.pk, text="Since when?", client_id="s1"
        )
        page = holding(contact).get("/en/chat/now/").content.decode()
        assert "&lt;i&gt;itchy&lt;/i&gt;" in page
        assert "Since when?" in page
        assert "You are talking with Dana" in page

    def test_waiting_says_the_place_in_line(self) -> None:
        open_chat()
        second = open_chat()
        page = holding(second).get("/en/chat/now/").content.decode()
        assert '<span class="waiting__number">2</span>' in page

    def test_danger_goes_first_in_line(self) -> None:
        open_chat()
        page = holding(open_chat(DANGER)).get("/en/chat/now/").content.decode()
        assert "You are next." in page

    def test_the_card_stays_until_it_is_put_away(self) -> None:
        browser = holding(open_chat(DANGER))
        for _reload in range(2):
            assert "care-card--emergency" in browser.get("/en/chat/now/").content.decode()
        browser.post("/en/chat/card/")
        assert "care-card--emergency" not in browser.get("/en/chat/now/").content.decode()

    def test_without_javascript_it_looks_for_new_messages_unless_one_writes(self) -> None:
        browser = holding(open_chat())
        refresh = '<noscript><meta http-equiv="refresh" content="15"></noscript>'
        assert refresh in browser.get("/en/chat/now/").content.decode()
        assert refresh not in browser.get("/en/chat/now/?write=1").content.decode()

    def test_the_top_part_alone_for_the_script(self, client: Client) -> None:
        assert client.get("/en/chat/now/top/").status_code == 204
        page = holding(open_chat()).get("/en/chat/now/top/").content.decode()
        assert "You are next." in page
        assert "<html" not in page


class TestTheEnd:
    def test_the_visitor_ends_it_and_the_page_says_so(self) -> None:
        contact = open_chat()
        page = holding(contact).post("/en/chat/end/", follow=True).content.decode()
        contact.refresh_from_db()
        assert contact.status == Status.ENDED
        assert "This conversation has ended" in page
        assert "data-composer" not in page

    def test_what_was_typed_when_the_other_side_ended_it_is_shown(self) -> None:
        contact, specialist = accepted_chat()
        actions.end(acting_user=specialist, contact_id=contact.pk, by=AuthorKind.SPECIALIST)
        page = holding(contact).post("/en/chat/send/", {"text": "my last words"})
        assert "This was not sent" in page.content.decode()
        assert "my last words" in page.content.decode()

    def test_a_shared_device_can_forget_it(self) -> None:
        browser = holding(open_chat())
        browser.post("/en/chat/forget/")
        assert not browser.cookies[tokens.COOKIE].value

    def test_leaving_in_a_hurry_ends_it_too(self) -> None:
        contact = open_chat()
        holding(contact).get("/leave/")
        contact.refresh_from_db()
        assert (contact.status, contact.end_reason) == (Status.ENDED, EndReason.LEFT)

    def test_a_picture_on_another_site_ends_nothing(self) -> None:
        contact = open_chat()
        holding(contact).get("/leave/", headers={"Sec-Fetch-Mode": "no-cors"})
        contact.refresh_from_db()
        assert contact.status == Status.WAITING
