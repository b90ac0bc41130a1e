"""Our pages in frames of other sites: for the list alone, one cookie, no forged forms."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from pytest_django import Settings

from careline.contacts import tokens
from careline.contacts.enums import EndReason
from careline.contacts.models import Contact
from careline.contacts.tests.factories import open_chat
from careline.contacts.widget import comes_from_here
from careline.core import choices

pytestmark = pytest.mark.django_db
SITE = "https://www.example.org"
HERE = {"Sec-Fetch-Site": "same-origin"}
DANGER = "I can't breathe since the infusion"


@pytest.fixture(autouse=True)
def _one_site(settings: Settings) -> None:
    settings.WIDGET_ORIGINS = (SITE,)
    settings.CHAT_HOURS = {str(day): "00:00-24:00" for day in range(7)}


def ancestors(page: object) -> str:
    policy = page["Content-Security-Policy"]  # type: ignore[index]
    return str(next(part for part in policy.split("; ") if part.startswith("frame-ancestors")))


def in_frame(contact: Contact) -> Client:
    browser = Client(headers=HERE)
    browser.cookies[tokens.FRAMED_COOKIE] = tokens.token_of(contact.pk)
    return browser


class TestWhoMayFrame:
    @pytest.mark.parametrize("path", ["/en/", "/en/chat/", "/en/yours/enter/", "/staff/sign-in/"])
    def test_nobody_frames_any_other_page(self, client: Client, path: str) -> None:
        page = client.get(path)
        assert ancestors(page) == "frame-ancestors 'none'"
        assert page["X-Frame-Options"] == "DENY"

    def test_without_a_list_nobody_frames_anything(
        self, client: Client, settings: Settings
    ) -> None:
        settings.WIDGET_ORIGINS = ()
        page = client.get("/en/widget/")
        assert ancestors(page) == "frame-ancestors 'none'"
        assert page["X-Frame-Options"] == "DENY"

    @pytest.mark.parametrize(
        "origins", ["example.org", "https://example.org/", "https://*", "*", "https://a.org;x"]
    )
    def test_what_is_no_origin_is_refused_at_the_start(
        self, origins: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WIDGET_ORIGINS", origins)
        with pytest.raises(ImproperlyConfigured):
            choices.origins("WIDGET_ORIGINS")

    @pytest.mark.parametrize("path", ["", "hello/", "chat/", "nothing-here/"])
    def test_the_listed_site_frames_the_pages_for_it(self, client: Client, path: str) -> None:
        page = client.get(f"/en/widget/{path}")
        assert ancestors(page) == f"frame-ancestors {SITE}"
        assert "X-Frame-Options" not in page


class TestForms:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": SITE},
            {"Origin": "null"},
        ],
    )
    def test_a_form_from_elsewhere_is_refused(self, headers: dict[str, str]) -> None:
        contact = open_chat()
        browser = in_frame(contact)
        browser.defaults.pop("HTTP_SEC_FETCH_SITE", None)
        assert browser.post("/en/widget/chat/end/", headers=headers).status_code == 403
        contact.refresh_from_db()
        assert not contact.has_ended

    def test_an_old_browser_is_believed_by_its_origin(self) -> None:
        request = RequestFactory().post("/en/widget/chat/", headers={"Origin": "http://testserver"})
        assert comes_from_here(request)

    def test_danger_in_a_question_comes_first(self) -> None:
        page = Client(headers=HERE).post("/en/widget/", {"question": DANGER}).content.decode()
        assert page.index("care-card--emergency") < page.index("<h1")


class TestToken:
    def test_a_token_of_our_own_pages_opens_nothing_in_a_frame(self, client: Client) -> None:
        contact = open_chat("my words")
        client.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)
        assert "my words" not in client.get("/en/widget/chat/now/").content.decode()

    def test_a_code_brings_a_token_for_frames_alone_and_stays_in_them(self) -> None:
        from careline.contacts import visitor_actions

        contact = open_chat("my words")
        code = visitor_actions.give_code(contact_id=contact.pk)
        browser = Client(headers=HERE)
        reply = browser.post("/en/widget/yours/enter/", {"code": code})
        assert reply["Location"] == "/en/widget/chat/now/"
        assert list(reply.cookies) == [tokens.FRAMED_COOKIE]
        cookie = reply.cookies[tokens.FRAMED_COOKIE].OutputString()
        for part in ("Secure", "HttpOnly", "SameSite=None", "Partitioned"):
            assert f"; {part}" in cookie
        page = browser.get("/en/widget/chat/now/").content.decode()
        assert "my words" in page
        assert 'action="/en/widget/chat/send/"' in page

    def test_pages_in_frames_set_no_other_cookie(self, client: Client) -> None:
        assert not client.get("/en/widget/callback/").cookies

    def test_leaving_ends_the_chat_and_takes_the_token(self) -> None:
        contact = open_chat()
        reply = in_frame(contact).post("/en/widget/leave/")
        contact.refresh_from_db()
        assert contact.end_reason == EndReason.LEFT
        assert (reply.status_code, reply.cookies[tokens.FRAMED_COOKIE].value) == (204, "")


def test_the_script_can_be_loaded_by_anybody_and_knows_each_language(client: Client) -> None:
    page = client.get("/widget.js")
    assert page["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert page["Content-Type"].startswith("text/javascript")
    script = page.content.decode()
    assert '"es": {"open"' in script
    assert not page.cookies
