"""Whatever comes in, the reply is clear and kind, and nothing that was typed is lost.

Spans the apps: every public form and endpoint, spoken to by its address alone.
"""

import html
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db

PHONE = "tel:"
FORM = "application/x-www-form-urlencoded"
TYPED: dict[str, str] = {
    "nothing": "",
    "spaces": " \t\r\n ",
    "one word": "hello",
    "as long as may be": "abcd " * 4_000,
    "longer than may be": "abcd " * 4_000 + "x",
    "one endless word": "x" * 19_999,
    "only emoji": "😀" * 20_000,
    "joined emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "control characters": "a\x01\x02\x1b[31mb\x7f\x85",
    "null bytes": "a\x00b",
    "only null bytes": "\x00\x00",
    "right to left": "لا أستطيع التنفس \u202eabc",
    "another alphabet": "我不能呼吸 Я не могу дышать",
    "markup": "<script>alert(1)</script></textarea><img src=x onerror=alert(1)>\"'",
    "a template": "{{ 7|add:7 }}{% debug %}${7*7}%(x)s{0}",
    "SQL": "'; DROP TABLE contacts_contact; --",
    "not characters": "\ufdd0\ufffe\uffff\U0010ffff",
    "nothing to see": "\ufeff\u200b\u200e",
    "stacked accents": "e" + "\u0301" * 10_000,
}
# Every field of every public form: the address, the field, what else has to be there.
FIELDS: list[tuple[str, str, dict[str, str]]] = [
    ("/en/ask/", "question", {}),
    ("/en/ask/helped/", "question", {"helped": "no"}),
    ("/en/chat/", "text", {}),
    ("/en/chat/", "name", {}),
    ("/en/chat/", "topic", {}),
    ("/en/chat/", "start_id", {}),
    ("/en/chat/send/", "text", {}),
    ("/en/callback/", "phone", {"window": "any"}),
    ("/en/callback/", "window", {"phone": "312 555 0100"}),
    ("/en/callback/", "voicemail_ok", {"phone": "312 555 0100", "window": "any"}),
    ("/en/callback/", "text", {"phone": "312 555 0100", "window": "any"}),
    ("/en/message/", "text", {}),
    ("/en/message/", "name", {"text": "my words"}),
    ("/en/message/", "email", {"text": "my words"}),
    ("/en/message/", "topic", {"text": "my words"}),
    ("/en/message/", "start_id", {"text": "my words"}),
    ("/en/news/sign-up/", "email", {}),
    ("/staff/sign-in/", "login", {"password": "x"}),
]
QUERIES = [
    ("/en/search/", "q"),
    ("/en/programs/", "need"),
    ("/en/programs/", "language"),
    ("/en/programs/", "page"),
    ("/language/es/", "to"),
    ("/en/chat/now/", "after"),
    ("/staff/sign-in/", "next"),
]
PLACES = ["/en/ask/", "/en/chat/", "/en/callback/", "/en/message/", "/en/news/sign-up/"]


def is_kind(response: Any) -> bool:
    """Whether the reply is a page that offers a person, or leads to one."""
    if response.status_code in (301, 302):
        return True
    page = response.content.decode()
    return "<h1" in page and (PHONE in page or response.request["PATH_INFO"].startswith("/staff/"))


def comes_back(typed: str, response: Any) -> bool:
    """Whether the beginning of what was typed stands on the page."""
    shown = html.unescape(response.content.decode())
    return "".join(typed.split())[:30] in "".join(shown.split())


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize(
    ("path", "name", "others"), FIELDS, ids=[f"{path} {name}" for path, name, _ in FIELDS]
)
def test_any_text_in_any_field_has_a_kind_reply(
    client: Client, path: str, name: str, others: dict[str, str], typed: str
) -> None:
    response = client.post(path, {**others, name: typed})

    assert response.status_code < 500
    assert is_kind(response)
    assert b"<script>alert(1)" not in response.content
    refused = response.status_code >= 400
    visible = name not in ("start_id", "topic", "window", "voicemail_ok") and "\x00" not in typed
    if refused and visible and "\x01" not in typed:
        assert comes_back(typed, response)
    if refused and "text" in others:
        assert comes_back(others["text"], response)


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize(("path", "name"), QUERIES, ids=[f"{path} {n}" for path, n in QUERIES])
def test_any_value_in_an_address_has_a_kind_reply(
    client: Client, path: str, name: str, typed: str
) -> None:
    response = client.get(path, {name: typed})

    assert response.status_code < 500
    assert is_kind(response)
    assert b"<script>alert(1)" not in response.content


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%ED%A0%80", "q=%", "q=%u0041", "q=a&q=b", "q[]=a", "&&&==", "q=%00"]
)
def test_a_broken_query_has_a_kind_reply(client: Client, query: str) -> None:
    response = client.get("/en/search/", QUERY_STRING=query)

    assert response.status_code in (200, 400)
    assert is_kind(response)


@pytest.mark.parametrize(
    "path",
    [
        "/en/%00/",
        "/en/%ff%fe/",
        "/en/../../etc/passwd",
        "/en/..%2f..%2fetc/passwd",
        "/en//evil.com/",
    ],
)
def test_a_strange_address_is_a_page_that_offers_help(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code in (400, 404)
    assert is_kind(response)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_null_byte_in_an_address_is_refused_in_the_language_of_the_path(
    client: Client, language: str
) -> None:
    client.get("/en/" if language == "es" else "/es/")  # What a thread served before.

    page = client.get(f"/{language}/search/?q=%00").content.decode()

    assert f'<html lang="{language}"' in page


COOKIES = {
    "language": ("careline_language", "../../etc/passwd"),
    "language in bytes": ("careline_language", "\xff\xfe"),
    "language without end": ("careline_language", "a" * 4_000),
    "contact": ("careline_contact", "0" * 32 + ":x:y"),
    "contact in bytes": ("careline_contact", "\xff\xfe"),
    "session": ("careline_staff", "forged"),
    "session without end": ("careline_staff", "a" * 4_000),
    "messages": ("messages", "W10:forged:forged"),
}


@pytest.mark.parametrize(("name", "value"), COOKIES.values(), ids=COOKIES)
@pytest.mark.parametrize("path", ["/", "/en/", "/en/chat/now/", "/en/talk/", "/desk/"])
def test_a_broken_cookie_counts_as_none(client: Client, path: str, name: str, value: str) -> None:
    response = client.get(path, headers={"cookie": f"{name}={value}"})

    assert response.status_code in (200, 302)


@pytest.mark.parametrize("wanted", ["\x7f;;q=x,,*", "en-" + "a" * 5_000, ",".join(["aa"] * 5_000)])
def test_a_garbled_wish_for_a_language_leads_to_a_page(client: Client, wanted: str) -> None:
    assert client.get("/", headers={"accept-language": wanted}).status_code == 302
    assert client.get("/en/", headers={"accept-language": wanted}).status_code == 200


@pytest.mark.parametrize("path", PLACES)
class TestAForm:
    def test_that_is_stale_comes_back_with_every_word(self, path: str) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.cookies["csrftoken"] = "x" * 32

        response = browser.post(path, {"text": "my own words", "csrfmiddlewaretoken": "old"})

        if response.status_code == 403:  # The ask page stores nothing, so it asks for no token.
            assert comes_back("my own words", response)
        assert is_kind(response)

    def test_that_is_too_big_is_told_so(self, client: Client, path: str) -> None:
        response = client.post(path, {"text": "word " * 600_000})

        assert response.status_code == 413
        assert "your words are still there" in response.content.decode()

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ('{"text": "hello"}', "application/json"),
            ("text=hello", "text/plain"),
            ("text=hello", "///;;="),
            ("text=hello", f"{FORM}; charset=utf-16"),
            ("text=hello", f"{FORM}; charset=klingon"),
            (b"text=\xff\xfe\xed\xa0\x80&text%00=a", FORM),
            ("&".join(f"f{n}=x" for n in range(5_001)), FORM),
            ("x", "multipart/form-data"),
            ("x", "multipart/form-data; boundary=y"),
        ],
    )
    def test_of_another_kind_has_a_kind_reply(
        self, client: Client, path: str, body: Any, kind: str
    ) -> None:
        response = client.generic("POST", path, body, content_type=kind)

        assert response.status_code < 500
        assert is_kind(response)


GETTABLE = ["/", "/en/", "/en/search/", "/en/talk/", "/en/programs/", "/en/news/", "/leave/"]
POSTABLE = ["/en/chat/card/", "/en/chat/end/", "/en/chat/forget/"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *[("POST", path) for path in GETTABLE],
        *[("GET", path) for path in POSTABLE],
        *[(m, p) for m in ("PUT", "DELETE", "TRACE", "BREW") for p in [*PLACES, "/en/", "/desk/"]],
    ],
)
def test_another_method_is_refused_on_a_page(method: str, path: str) -> None:
    browser = Client(enforce_csrf_checks=method not in ("GET", "POST"))

    response = browser.generic(method, path, "text=my own words", content_type=FORM)

    assert response.status_code == 405
    assert response["Allow"]
    assert is_kind(response)


def test_words_sent_to_the_wrong_place_come_back(client: Client) -> None:
    for path in ("/en/talk/", "/en/no-such-page/", "/static/no-such-file.css"):
        response = client.post(path, {"text": "my own words"})

        assert response.status_code in (404, 405)
        assert comes_back("my own words", response)


class TestSignedOutMidway:
    def test_the_words_come_back_with_a_way_to_sign_in(self, client: Client) -> None:
        response = client.post("/desk/presence/", {"text": "what the specialist wrote"})

        assert response.status_code == 403
        assert comes_back("what the specialist wrote", response)
        assert 'href="/staff/sign-in/' in response.content.decode()

    def test_a_page_leads_to_the_sign_in(self, client: Client) -> None:
        assert client.get("/desk/").status_code == 302


class TestApi:
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("&".join(f"f{n}=x" for n in range(5_001)), FORM),
            ("question=hello", f"{FORM}; charset=utf-16"),
            ("[" * 100_000, "application/json"),
            ('{"question": ["a"]}', "application/json"),
            ('{"question": %s}' % ("1" * 5_000), "application/json"),
            (b'{"question": "\xff"}', "application/json"),
            ('{"question": "%s"}' % ("x" * 3_000_000), "application/json"),
        ],
    )
    def test_every_refusal_is_an_object_with_words(
        self, client: Client, body: Any, kind: str
    ) -> None:
        response = client.generic("POST", "/api/ask", body, content_type=kind)

        assert 400 <= response.status_code < 500
        assert response["Content-Type"] == "application/json"
        assert json.loads(response.content)["message"]

    def test_a_lone_surrogate_has_a_reply(self, client: Client) -> None:
        response = client.generic(
            "POST", "/api/ask", r'{"question": "\ud800"}', content_type="application/json"
        )

        assert response.status_code == 200
        assert not response.json()["answered"]

    @pytest.mark.parametrize(
        ("path", "headers", "status"),
        [("/api/nothing/", {}, 404), ("/api/ask", {"host": "evil.example"}, 400)],
    )
    def test_an_error_is_an_object_with_words_too(
        self, client: Client, settings: Any, path: str, headers: dict[str, str], status: int
    ) -> None:
        settings.ALLOWED_HOSTS = ["testserver"]
        response = client.post(path, {"question": "x"}, headers=headers)

        assert response.status_code == status
        assert json.loads(response.content)["message"]


class TestNothingPersonalIsKeptByABrowser:
    @pytest.mark.parametrize("path", [*PLACES, "/en/talk/", "/en/chat/now/", "/en/no-such-page/"])
    def test_what_comes_back_from_a_form(self, client: Client, path: str) -> None:
        response = client.post(path, {"text": "my own words", "question": "my own words"})

        assert "no-store" in response["Cache-Control"]

    def test_a_stale_form(self) -> None:
        browser = Client(enforce_csrf_checks=True)

        response = browser.post("/en/message/", {"text": "my own words"})

        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("path", ["/en/search/?q=words", "/en/talk/"])
    def test_what_somebody_looked_for_and_their_ways_to_a_person(
        self, client: Client, path: str
    ) -> None:
        assert "no-store" in client.get(path)["Cache-Control"]

    @pytest.mark.parametrize("path", ["/en/", "/en/programs/", "/en/news/"])
    def test_a_page_that_is_the_same_for_all_may_be_kept_but_not_shared(
        self, client: Client, path: str
    ) -> None:
        assert client.get(path)["Cache-Control"] == "no-cache, private"


@pytest.mark.parametrize("path", ["/en/", "/en/%00", "/en/no-such-page/", "/en/ask/", "/desk/"])
def test_every_page_carries_the_policies(client: Client, path: str) -> None:
    response = client.get(path)

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site(client: Client, place: str) -> None:
    assert client.get("/language/es/", {"to": place})["Location"] == "/es/"


def test_the_limit_of_a_text_fits_the_limit_of_a_request() -> None:
    longest = settings.MAX_TYPED_CHARACTERS * len("%F0%9F%98%80")

    assert longest * 2 < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
