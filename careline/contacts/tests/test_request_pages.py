"""Callback and message: refused with what was typed kept, stored once, thanked honestly."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from careline.contacts import log as contact_log
from careline.contacts.enums import CallbackWindow, Channel
from careline.contacts.models import Contact

pytestmark = pytest.mark.django_db
SUNDAY = dt.datetime(2026, 11, 22, 3, 0, tzinfo=ZoneInfo("America/Chicago"))
DANGER = "I can't breathe since the infusion"
START = "6dfb0ee5-7be7-4a5c-9a6c-2c5b1a0e5f01"


@pytest.fixture(autouse=True)
def _at_night() -> Iterator[None]:
    with time_machine.travel(SUNDAY, tick=False):
        yield


def callback(**changes: str) -> dict[str, str]:
    given = {
        "phone": "(312) 555-0100",
        "window": "2026-11-23.morning",
        "start_id": START,
        "text": "itchy",
    }
    return {**given, **changes}


class TestCallbackRefusals:
    @pytest.mark.parametrize("phone", ["", "abc", "911", "555 0100", "1" * 41, "\x00", "😀"])
    def test_what_is_no_phone_number(self, client: Client, phone: str) -> None:
        page = client.post("/en/callback/", callback(phone=phone, text='keep "me"'))
        html = page.content.decode()
        assert page.status_code == 422
        assert 'href="#id_phone"' in html
        assert "keep &quot;me&quot;" in html
        assert "<title>Error:" in html
        assert not Contact.objects.exists()

    def test_a_window_that_does_not_exist(self, client: Client) -> None:
        page = client.post("/en/callback/", callback(window="midnight"))
        assert (page.status_code, Contact.objects.count()) == (422, 0)

    def test_danger_in_a_form_with_a_mistake_comes_first(self, client: Client) -> None:
        page = client.post("/en/callback/", callback(phone="", text=DANGER)).content.decode()
        assert page.index("care-card--emergency") < page.index("error-summary")

    def test_too_often_from_one_place(self, client: Client) -> None:
        statuses = [
            client.post("/en/callback/", callback(start_id="")).status_code for _ in range(21)
        ]
        assert statuses == [200] * 20 + [429]


class TestCallback:
    def test_it_is_stored_once_and_says_what_happens_next(self, client: Client) -> None:
        for _twice in range(2):
            page = client.post("/en/callback/", callback()).content.decode()
        contact = Contact.objects.get()
        assert contact.channel == Channel.CALLBACK
        assert contact.details.phone == "+13125550100"
        assert contact.details.window == CallbackWindow.MORNING
        assert contact.details.voicemail_ok is False
        assert "Monday, November 23" in page
        assert "(312) 555-0100" in page
        assert "we leave no message" in page

    def test_voicemail_only_when_it_is_safe(self, client: Client) -> None:
        page = client.post("/en/callback/", callback(voicemail_ok="yes")).content.decode()
        assert "we leave a short voicemail" in page

    def test_danger_is_stored_flagged_and_the_card_comes_first(self, client: Client) -> None:
        page = client.post("/en/callback/", callback(text=DANGER)).content.decode()
        assert page.index("care-card--emergency") < page.index("<h1")
        kinds = [event.kind for event in contact_log.after(Contact.objects.get().pk)]
        assert kinds == ["opened", "call_planned", "visitor_message", "flag"]


class TestMessage:
    def test_an_empty_one_and_a_broken_address_are_refused(self, client: Client) -> None:
        page = client.post("/en/message/", {"text": "", "email": "ana@"}).content.decode()
        assert "Write your message first." in page
        assert "Enter an email address like" in page
        assert 'value="ana@"' in page
        assert not Contact.objects.exists()

    def test_without_an_address_it_says_that_nobody_can_answer(self, client: Client) -> None:
        page = client.post("/en/message/", {"text": "hello"}).content.decode()
        assert "You left no email address" in page
        assert Contact.objects.get().channel == Channel.MESSAGE

    def test_with_an_address_it_says_where_the_answer_goes(self, client: Client) -> None:
        typed = {"text": "hello", "email": "ana@example.com"}
        assert "ana@example.com" in client.post("/es/message/", typed).content.decode()
        assert Contact.objects.get().details.email == "ana@example.com"


class TestTalk:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_it_shows_every_way(self, client: Client, language: str) -> None:
        page = client.get(f"/{language}/talk/").content.decode()
        for way in ("tel:", "/chat/", "/callback/", "/message/"):
            assert way in page
