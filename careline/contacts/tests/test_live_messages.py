"""Posting on the live path: refused clearly, stored once."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of, make_staff
from careline.contacts import actions, teamwork, tokens
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind
from careline.contacts.live import endpoints
from careline.contacts.models import Contact
from careline.contacts.tests.factories import accepted_chat, make_specialist, open_chat

# Fixed: each test process has to collect the same names.
NOBODY = "00000000-0000-4000-8000-000000000000"

HERE = "http://testserver"
pytestmark = pytest.mark.django_db(transaction=True)


def call(work: Callable[[httpx.AsyncClient], Awaitable[Any]], **client: Any) -> Any:
    """Run one piece of client's work against the live application, started for it."""

    async def run() -> Any:
        await endpoints.start_live()
        transport = httpx.ASGITransport(app=endpoints.live_application)
        headers = {"Origin": HERE, **client.pop("headers", {})}
        async with httpx.AsyncClient(
            transport=transport, base_url=HERE, headers=headers, **client
        ) as browser:
            try:
                return await work(browser)
            finally:
                await endpoints.stop_live()

    return asyncio.run(run())


def post(contact_id: Any, content: Any = None, query: str = "", **client: Any) -> httpx.Response:
    body = {"client_id": "c1", "text": "hello"} if content is None else content
    given = {"content": body} if isinstance(body, bytes) else {"json": body}
    path = f"/live/contacts/{contact_id}/messages{query}"
    response: httpx.Response = call(lambda browser: browser.post(path, **given), **client)
    return response


def held(contact: Contact) -> dict[str, str]:
    return {tokens.COOKIE: tokens.token_of(contact.pk)}


def session_of(staff: Staff) -> dict[str, str]:
    name = django_settings.SESSION_COOKIE_NAME
    return {name: client_of(staff).cookies[name].value}


class TestRefusals:
    @pytest.mark.parametrize("cookie", ["", "nonsense", "a:b:c"])
    def test_without_the_contacts_own_token(self, cookie: str) -> None:
        contact = open_chat()
        response = post(contact.pk, cookies={tokens.COOKIE: cookie})
        assert (response.status_code, response.json()["error"]) == (403, "no_conversation")
        assert len(contact_log.after(contact.pk)) == 2

    def test_with_the_token_of_another_contact(self) -> None:
        assert post(open_chat().pk, cookies=held(open_chat())).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Origin": ""},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_from_another_site(self, headers: dict[str, str]) -> None:
        contact = open_chat()
        response = post(contact.pk, cookies=held(contact), headers=headers)
        assert (response.status_code, response.json()["error"]) == (403, "other_site")

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"", 400, "unreadable"),
            (b"{", 400, "unreadable"),
            (b"[]", 400, "unreadable"),
            (b"\xff\xfe", 400, "unreadable"),
            (b"[" * 100_000, 400, "unreadable"),
            ({}, 400, "client_id"),
            ({"client_id": 5, "text": "x"}, 400, "client_id"),
            ({"client_id": "with space", "text": "x"}, 400, "client_id"),
            ({"client_id": "c1"}, 400, "empty"),
            ({"client_id": "c1", "text": " \x00\n"}, 400, "empty"),
            ({"client_id": "c1", "text": ["x"]}, 400, "empty"),
            ({"client_id": "c1", "text": "x" * 20_001}, 413, "too_long"),
            (b"x" * 400_000, 413, "too_long"),
        ],
    )
    def test_of_what_can_not_be_read(self, content: Any, status: int, code: str) -> None:
        contact = open_chat()
        response = post(contact.pk, content, cookies=held(contact))
        assert (response.status_code, response.json()["error"]) == (status, code)
        assert response.json()["message"]

    @pytest.mark.parametrize("origin", ["http://[", "null", "://", "\xff"])
    def test_from_what_is_no_site_at_all(self, origin: str) -> None:
        contact = open_chat()
        headers = {"Origin": origin.encode("latin-1")}
        response = post(contact.pk, cookies=held(contact), headers=headers)
        assert (response.status_code, response.json()["error"]) == (403, "other_site")

    def test_of_other_words_under_the_id_of_a_stored_message(self) -> None:
        contact = open_chat()
        assert post(contact.pk, cookies=held(contact)).status_code == 201
        other = {"client_id": "c1", "text": "something else"}
        response = post(contact.pk, other, cookies=held(contact))
        assert (response.status_code, response.json()["error"]) == (409, "client_id_taken")

    def test_in_the_visitors_language(self) -> None:
        contact = open_chat()
        english = post(contact.pk, {}, cookies=held(contact)).json()["message"]
        spanish = post(contact.pk, {}, "?lang=es", cookies=held(contact)).json()["message"]
        assert english != spanish

    def test_after_the_end(self) -> None:
        contact = open_chat()
        actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
        response = post(contact.pk, cookies=held(contact))
        assert (response.status_code, response.json()["error"]) == (409, "ended")

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/live/", 404),
            ("GET", "/live/contacts/not-an-id/events", 404),
            ("POST", f"/live/contacts/{'-' * 36}/messages", 404),
            ("GET", f"/live/contacts/{NOBODY}/messages", 405),
            ("DELETE", f"/live/contacts/{NOBODY}/events", 405),
            ("POST", f"/live/contacts/{NOBODY}/other", 404),
        ],
    )
    def test_of_other_paths_and_methods(self, method: str, path: str, status: int) -> None:
        response = call(lambda browser: browser.request(method, path))
        assert response.status_code == status

    def test_of_more_than_the_limit(self) -> None:
        contact = open_chat()

        async def flood(browser: httpx.AsyncClient) -> list[int]:
            path = f"/live/contacts/{contact.pk}/messages"
            sent = [
                browser.post(path, json={"client_id": f"c{n}", "text": "x"}) for n in range(130)
            ]
            return [response.status_code for response in await asyncio.gather(*sent)]

        statuses = call(flood, cookies=held(contact))
        assert statuses.count(201) == 120
        assert statuses.count(429) == 10

    def test_before_the_process_is_ready(self) -> None:
        async def without_start() -> httpx.Response:
            transport = httpx.ASGITransport(app=endpoints.live_application)
            async with httpx.AsyncClient(transport=transport, base_url=HERE) as browser:
                return await browser.get(f"/live/contacts/{uuid.uuid4()}/events")

        response = asyncio.run(without_start())
        assert (response.status_code, response.headers["Retry-After"]) == (503, "2")


class TestStaffRefusals:
    def test_without_a_session(self) -> None:
        contact, _specialist = accepted_chat()
        assert post(contact.pk, query="?as=staff").status_code == 403
        forged = {django_settings.SESSION_COOKIE_NAME: "a" * 32}
        assert post(contact.pk, query="?as=staff", cookies=forged).status_code == 403

    def test_in_somebody_elses_contact(self) -> None:
        contact, _specialist = accepted_chat()
        for other in (make_specialist("Other"), make_staff(Role.EDITOR)):
            response = post(contact.pk, query="?as=staff", cookies=session_of(other))
            assert (response.status_code, response.json()["error"]) == (403, "not_yours")

    def test_once_they_have_left_the_service(self) -> None:
        contact, specialist = accepted_chat()
        cookies = session_of(specialist)
        Staff.objects.filter(pk=specialist.pk).update(is_active=False)
        assert post(contact.pk, query="?as=staff", cookies=cookies).status_code == 403


class TestStoring:
    def test_a_visitors_message_is_stored_before_it_is_acknowledged(self) -> None:
        contact = open_chat()
        content = {"client_id": "c1", "text": " <b>¿qué?</b> 😀\u0000 "}
        response = post(contact.pk, content, cookies=held(contact))
        assert (response.status_code, response.json()) == (201, {"seq": 3})
        assert contact_log.after(contact.pk)[-1].body["text"] == "<b>¿qué?</b> 😀"

    def test_the_same_client_id_gives_the_same_number(self) -> None:
        contact = open_chat()

        async def impatient(browser: httpx.AsyncClient) -> set[int]:
            path = f"/live/contacts/{contact.pk}/messages"
            sent = [browser.post(path, json={"client_id": "c1", "text": "x"}) for _ in range(5)]
            return {response.json()["seq"] for response in await asyncio.gather(*sent)}

        assert call(impatient, cookies=held(contact)) == {3}
        assert len(contact_log.after(contact.pk)) == 3

    def test_a_specialist_and_a_supervisor_write_under_their_own_names(self) -> None:
        contact, specialist = accepted_chat()
        supervisor = make_staff(Role.SUPERVISOR, alias="Ruth")
        teamwork.join(acting_user=supervisor, contact_id=contact.pk)
        for number, staff in enumerate((specialist, supervisor)):
            content = {"client_id": f"c{number}", "text": "hello"}
            cookies = {**session_of(staff), **held(contact)}
            response = post(contact.pk, content, "?as=staff", cookies=cookies)
            assert response.status_code == 201
        names = [event.body.get("name") for event in contact_log.after(contact.pk)[-2:]]
        assert names == ["Dana", "Ruth"]

    def test_a_browser_that_is_too_old_for_fetch_metadata_is_known_by_its_origin(self) -> None:
        contact = open_chat()
        response = post(contact.pk, cookies=held(contact), headers={"Sec-Fetch-Site": ""})
        assert response.status_code == 201
