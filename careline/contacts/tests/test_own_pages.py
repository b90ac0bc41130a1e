"""A visitor's own pages without JavaScript: refusals, the code, the file, deleting, the survey."""

import re
import uuid

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from careline.contacts import actions, earlier, tokens
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.tests.factories import accepted_chat, open_chat
from careline.contacts.visitor_models import SurveyAnswer
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db
PAGES = ("", "code/", "print/", "file/", "delete/", "survey/", "mail/", "earlier/")
_CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")


def holding(contact: Contact) -> Client:
    browser = Client()
    browser.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)
    return browser


def code_on(page: str) -> str:
    found = re.search(r'class="resume-code"[^>]*>([^<]*)<', page)
    assert found
    assert _CODE.fullmatch(found[1])
    return found[1]


def talked(text: str = "hello") -> Contact:
    contact, specialist = accepted_chat(text)
    actions.send_specialist_message(
        acting_user=specialist, contact_id=contact.pk, text="I am with you.", client_id="a"
    )
    actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
    contact.refresh_from_db()
    return contact


class TestRefusals:
    @pytest.mark.parametrize("page", PAGES)
    def test_who_holds_no_contact_is_asked_for_a_code(self, client: Client, page: str) -> None:
        open_chat("not yours")
        for reply in (client.get(f"/en/yours/{page}"), client.post(f"/en/yours/{page}")):
            assert reply.status_code in (302, 405)
        assert ContactEvent.objects.count() == 2

    @pytest.mark.parametrize("code", ["", "hello", "7K2M-94QX-0VTA-HD5C", "x" * 300, "\0"])
    def test_a_wrong_code_says_what_to_do(self, client: Client, code: str) -> None:
        reply = client.post("/en/yours/enter/", {"code": code})
        assert reply.status_code == 422
        assert 'aria-invalid="true"' in reply.content.decode()
        assert tokens.COOKIE not in reply.cookies

    def test_codes_can_not_be_tried_often(self, client: Client) -> None:
        statuses = [
            client.post("/en/yours/enter/", {"code": "7K2M-94QX-0VTA-HD5C"}).status_code
            for _attempt in range(12)
        ]
        assert statuses == [422] * 10 + [429] * 2

    def test_a_forged_token_in_the_form_gives_no_code(self, client: Client) -> None:
        contact = open_chat()
        reply = client.post("/en/yours/code/", {"for": f"{contact.pk.hex}:1vN:forged"})
        assert reply.status_code == 302

    def test_nothing_is_deleted_before_the_question_is_answered(self) -> None:
        contact = open_chat()
        page = holding(contact).get("/en/yours/delete/").content.decode()
        assert "Yes, delete everything" in page
        assert len(contact_log.after(contact.pk)) == 2


class TestCode:
    def test_it_opens_the_conversation_on_another_device(self) -> None:
        contact = open_chat("from my phone")
        code = code_on(holding(contact).post("/en/yours/code/").content.decode())
        elsewhere = Client()
        reply = elsewhere.post("/en/yours/enter/", {"code": code.lower()})
        assert reply["Location"] == "/en/chat/now/"
        assert "from my phone" in elsewhere.get("/en/chat/now/").content.decode()

    def test_who_has_a_conversation_open_is_told_before_another_takes_its_place(self) -> None:
        page = holding(open_chat()).get("/en/yours/enter/").content.decode()
        assert "get a code for it first" in page

    def test_it_is_in_no_address_and_no_cache(self) -> None:
        reply = holding(open_chat()).post("/en/yours/code/")
        assert reply.status_code == 200
        assert "no-store" in reply["Cache-Control"]

    def test_after_a_request_for_a_call_the_page_offers_one(self, client: Client) -> None:
        fields = {"phone": "312 555 0100", "window": "any", "start_id": str(uuid.uuid4())}
        page = client.post("/en/callback/", fields).content.decode()
        token = re.search(r'name="for" value="([^"]+)"', page)
        assert token
        code = code_on(client.post("/en/yours/code/", {"for": token[1]}).content.decode())
        assert tokens.COOKIE not in client.cookies
        assert client.post("/en/yours/enter/", {"code": code})["Location"] == "/en/yours/"
        assert "Your request for a call" in client.get("/en/yours/").content.decode()
        assert client.get("/en/chat/now/")["Location"] == "/en/yours/"


class TestTakingItAlong:
    def test_the_file_holds_what_the_page_shows_and_no_more(self) -> None:
        contact = talked("I can't breathe")
        reply = holding(contact).get("/en/yours/file/")
        text = reply.content.decode()
        assert reply["Content-Type"] == "text/plain; charset=utf-8"
        assert reply["Content-Disposition"].startswith("attachment")
        assert text.index("I can't breathe") < text.index("I am with you.")
        assert "emergency" not in text
        assert text.count("\n") == text.count("\r\n")

    def test_the_printable_page_shows_both_sides(self) -> None:
        page = holding(talked("my question")).get("/en/yours/print/").content.decode()
        assert "my question" in page
        assert "I am with you." in page


class TestEarlier:
    @pytest.mark.parametrize("code", ["", "hello", "7K2M-94QX-0VTA-HD5C"])
    def test_a_wrong_code_connects_nothing(self, code: str) -> None:
        contact = open_chat()
        reply = holding(contact).post("/en/yours/earlier/", {"code": code})
        assert reply.status_code == 422
        assert not earlier.earlier_of(contact).exists()

    def test_with_its_code_and_only_then_an_earlier_one_is_shown(self) -> None:
        before, contact = talked("before"), open_chat("now")
        code = code_on(holding(before).post("/en/yours/code/").content.decode())
        page = holding(contact).post("/en/yours/earlier/", {"code": code})
        assert "Who serves you now can read it." in page.content.decode()
        assert list(earlier.earlier_of(contact)) == [before]
        assert not earlier.earlier_of(before).exists()


class TestMail:
    @pytest.mark.parametrize("address", ["", "ana@", "a@b.c\nBcc: d@e.f", "ana@example.com, b@c.d"])
    def test_what_is_no_single_address_gets_nothing(
        self, address: str, mailoutbox: list[EmailMessage]
    ) -> None:
        reply = holding(talked()).post("/en/yours/mail/", {"email": address})
        assert (reply.status_code, mailoutbox) == (422, [])

    def test_a_mail_server_that_is_away_is_said(self, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        reply = holding(talked()).post("/en/yours/mail/", {"email": "ana@example.com"})
        assert reply.status_code == 422
        assert "We could not send it just now." in reply.content.decode()
        assert not AuditEntry.objects.filter(action="contact.mail_transcript").exists()

    def test_it_is_sent_only_when_asked_and_the_address_is_kept_nowhere(
        self, mailoutbox: list[EmailMessage]
    ) -> None:
        contact = talked("my question")
        browser = holding(contact)
        for _time in range(4):
            reply = browser.post("/en/yours/mail/", {"email": "ana@example.com"})
        assert reply.status_code == 422
        assert len(mailoutbox) == 3
        assert "my question" in str(mailoutbox[0].body)
        assert "question" not in mailoutbox[0].subject
        rows = AuditEntry.objects.filter(subject_id=str(contact.pk))
        assert "ana" not in repr([row.detail for row in rows])
        assert contact.details.email == ""


class TestDelete:
    def test_the_browser_forgets_and_the_code_opens_nothing(self, client: Client) -> None:
        contact, _specialist = accepted_chat("my words")
        browser = holding(contact)
        code = code_on(browser.post("/en/yours/code/").content.decode())
        reply = browser.post("/en/yours/delete/")
        assert "Everything is deleted" in reply.content.decode()
        assert reply.cookies[tokens.COOKIE].value == ""
        assert client.post("/en/yours/enter/", {"code": code}).status_code == 422
        assert "my words" not in holding(contact).get("/en/chat/now/").content.decode()

    def test_pressing_twice_ends_in_the_same_place(self) -> None:
        contact = open_chat()
        holding(contact).post("/en/yours/delete/")
        assert holding(contact).post("/en/yours/delete/").status_code == 302


class TestSurvey:
    @pytest.fixture(autouse=True)
    def _ask_everybody(self, settings: Settings) -> None:
        settings.SURVEY_PERCENT = 100

    @pytest.mark.parametrize("how", ["still talking", "talked to nobody", "in danger", "drawn out"])
    def test_who_is_not_asked(self, how: str, settings: Settings) -> None:
        if how == "still talking":
            contact, _specialist = accepted_chat()
        elif how == "talked to nobody":
            contact = _left_before_anybody_came()
        else:
            contact = talked("I can't breathe" if how == "in danger" else "hello")
        settings.SURVEY_PERCENT = 0 if how == "drawn out" else 100
        browser = holding(contact)
        assert "How was it?" not in browser.get("/en/yours/").content.decode()
        browser.post("/en/yours/survey/", {"helped": "yes"})
        assert not SurveyAnswer.objects.exists()

    def test_an_answer_is_needed_or_a_skip(self) -> None:
        reply = holding(talked()).post("/en/yours/survey/", {"understood": "yes"})
        assert reply.status_code == 422
        assert "Choose an answer, or skip" in reply.content.decode()

    def test_skipping_asks_no_more(self) -> None:
        browser = holding(talked())
        browser.post("/en/yours/survey/", {"skip": "1"})
        assert "How was it?" not in browser.get("/en/chat/now/").content.decode()
        assert not SurveyAnswer.objects.exists()

    def test_it_is_asked_where_the_conversation_ended(self) -> None:
        browser = holding(talked())
        assert "How was it?" in browser.get("/en/chat/now/").content.decode()
        page = browser.post("/en/yours/survey/", {"helped": "partly", "again": "yes"})
        assert "Thank you" in page.content.decode()
        assert [(a.helped, a.again) for a in SurveyAnswer.objects.all()] == [("partly", "yes")]


def _left_before_anybody_came() -> Contact:
    contact = open_chat()
    actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
    contact.refresh_from_db()
    return contact
