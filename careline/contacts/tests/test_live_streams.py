"""Streams on a real server: refused without the right, resumed without loss, ended promptly."""

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.db import connection

from careline.accounts.tests.factories import client_of
from careline.contacts import actions
from careline.contacts.enums import AuthorKind
from careline.contacts.live import hub
from careline.contacts.models import Contact
from careline.contacts.routing import actions as routing
from careline.contacts.tests.factories import accepted_chat, open_chat
from careline.contacts.tests.live_server import events_of, running_server, visitor_client
from careline.core import metrics

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def base() -> Iterator[str]:
    with running_server() as address:
        yield address


def events_path(contact: Contact, query: str = "") -> str:
    return f"/live/contacts/{contact.pk}/events{query}"


def say(contact: Contact, text: str) -> None:
    actions.send_visitor_message(contact_id=contact.pk, text=text, client_id=uuid.uuid4().hex)


def delivered() -> float:
    return metrics.registry.get_sample_value("careline_delivery_seconds_count") or 0.0


def texts(events: list[dict[str, Any]]) -> list[str]:
    return [event["data"].get("text", "") for event in events]


class TestRefusals:
    def test_of_somebody_without_the_token(self, base: str) -> None:
        assert httpx.get(base + events_path(open_chat())).status_code == 403

    def test_of_staff_whose_contact_it_is_not(self, base: str) -> None:
        contact, _specialist = accepted_chat()
        assert httpx.get(base + events_path(contact, "?as=staff")).status_code == 403


class TestWhoseContactItIs:
    def test_who_hands_it_back_hears_no_more_and_the_visitor_goes_on(self, base: str) -> None:
        contact, dana = accepted_chat("first")
        session = {django_settings.SESSION_COOKIE_NAME: client_of(dana).session.session_key or ""}
        theirs = httpx.Client(base_url=base, cookies=session, timeout=20)
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact, "?after=3")) as visitors,
            theirs,
            theirs.stream("GET", events_path(contact, "?as=staff&after=3")) as staffs,
        ):
            routing.hand_back(acting_user=dana, contact_id=contact.pk)
            said = "".join(staffs.iter_text())  # to its end
            say(contact, "for the next one only")
            assert texts(events_of(visitors, 2))[-1] == "for the next one only"
        assert "released" in said
        assert "for the next one only" not in said
        again = httpx.get(base + events_path(contact, "?as=staff"), cookies=session)
        assert again.status_code == 403


class TestStreams:
    def test_the_whole_conversation_then_what_is_new(self, base: str) -> None:
        contact = open_chat("first")
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact)) as response,
        ):
            assert response.headers["content-type"].startswith("text/event-stream")
            assert response.headers["cache-control"] == "no-store"
            say(contact, "second")
            found = events_of(response, 2)
        assert texts(found) == ["first", "second"]
        assert [event["id"] for event in found] == ["2", "3"]

    def test_a_conversation_that_cannot_be_opened_silences_no_other(self, base: str) -> None:
        spoilt, contact = open_chat("first"), open_chat("first")
        with connection.cursor() as cursor:
            spoil = "UPDATE contacts_contactevent SET body = %s WHERE contact_id = %s AND seq = 2"
            key = spoilt.pk.hex if connection.vendor == "sqlite" else spoilt.pk
            cursor.execute(spoil, [b"\x01no", key])
            assert cursor.rowcount == 1
        with (
            visitor_client(base, spoilt) as other,
            other.stream("GET", events_path(spoilt)),
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact)) as response,
        ):
            say(contact, "second")
            assert texts(events_of(response, 2)) == ["first", "second"]

    @pytest.mark.parametrize("how", ["header", "query"])
    def test_it_resumes_after_the_last_event(self, base: str, how: str) -> None:
        contact = open_chat("first")
        say(contact, "second")
        say(contact, "third")
        headers = {"Last-Event-ID": "3"} if how == "header" else {}
        query = "" if how == "header" else "?after=3"
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact, query), headers=headers) as response,
        ):
            assert texts(events_of(response, 1)) == ["third"]

    def test_a_position_that_is_no_number_means_the_beginning(self, base: str) -> None:
        contact = open_chat("first")
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact, "?after=-1e9;drop")) as response,
        ):
            assert texts(events_of(response, 1)) == ["first"]

    def test_the_desk_sees_flags_and_the_visitor_no_names_of_rules(self, base: str) -> None:
        contact, specialist = accepted_chat("I can't breathe since the infusion")
        name = django_settings.SESSION_COOKIE_NAME
        cookies = {name: client_of(specialist).cookies[name].value}
        with (
            httpx.Client(base_url=base, cookies=cookies) as browser,
            browser.stream("GET", events_path(contact, "?as=staff")) as response,
        ):
            desk = events_of(response, 4)
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact)) as response,
        ):
            visitor = events_of(response, 3)
        assert desk[2]["data"]["body"]["rules"]
        assert visitor[1]["data"]["level"] == "emergency"
        assert "rules" not in str(visitor)

    def test_typing_is_told_to_the_other_side_only(self, base: str) -> None:
        contact, specialist = accepted_chat()
        name = django_settings.SESSION_COOKIE_NAME
        cookies = {name: client_of(specialist).cookies[name].value}
        with (
            httpx.Client(base_url=base, cookies=cookies) as desk,
            visitor_client(base, contact) as browser,
            desk.stream("GET", events_path(contact, "?as=staff&after=9")) as response,
        ):
            path = f"/live/contacts/{contact.pk}/typing"
            assert browser.post(path).status_code == 202
            [event] = events_of(response, 1)
        assert (event["event"], event["id"]) == ("typing", None)
        assert event["data"] == {"who": "visitor"}

    def test_what_was_read_is_told_to_the_other_side_and_to_who_comes_later(
        self, base: str
    ) -> None:
        contact, specialist = accepted_chat()
        name = django_settings.SESSION_COOKIE_NAME
        cookies = {name: client_of(specialist).cookies[name].value}
        path = f"/live/contacts/{contact.pk}/seen"
        with (
            httpx.Client(base_url=base, cookies=cookies, headers={"Origin": base}) as desk,
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact, "?after=9")) as response,
        ):
            nobody = httpx.post(f"{base}{path}?as=staff&seq=9", headers={"Origin": base})
            assert nobody.status_code == 403
            assert desk.post(f"{path}?as=staff&seq=nonsense").status_code == 202
            assert desk.post(f"{path}?as=staff&seq=3").status_code == 202
            [event] = events_of(response, 1)
            with browser.stream("GET", events_path(contact, "?after=9")) as again:
                [later] = events_of(again, 1)
        assert (event["event"], event["id"]) == ("seen", None)
        assert event["data"] == later["data"] == {"who": "specialist", "seq": 3}

    def test_the_stream_ends_with_the_conversation(self, base: str) -> None:
        contact = open_chat("first")
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact)) as response,
        ):
            actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
            found = events_of(response, 99)
        assert [event["data"]["kind"] for event in found] == ["visitor_message", "ended"]

    def test_a_long_conversation_comes_whole_though_it_is_more_than_the_queue_holds(
        self, base: str
    ) -> None:
        contact = open_chat("first")
        for number in range(40):
            say(contact, f"{number} " + "x" * 19_000)
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact)) as response,
        ):
            found = events_of(response, 41)
        assert [event["id"] for event in found] == [str(number) for number in range(2, 43)]

    def test_how_long_delivery_takes_is_measured_of_what_is_new_only(self, base: str) -> None:
        contact = open_chat("first")
        before = delivered()
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact)) as response,
        ):
            say(contact, "second")
            assert texts(events_of(response, 2)) == ["first", "second"]
        assert delivered() == before + 1

    def test_a_lost_hint_is_made_good(self, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
        contact = open_chat("first")
        with (
            visitor_client(base, contact) as browser,
            browser.stream("GET", events_path(contact)) as response,
        ):
            lines = response.iter_lines()
            while not next(lines).startswith("data"):
                pass
            monkeypatch.setattr(hub, "POLL_SECONDS_WITH_HINTS", hub.POLL_SECONDS)
            monkeypatch.setattr(hub.Hub, "hint", lambda *_a: None)
            monkeypatch.setattr("careline.contacts.log.wake", lambda _hints: None)
            say(contact, "nobody was told")
            assert any("nobody was told" in line for line in lines)
