"""Signing up: what is refused, what is stored, and what nobody can find out."""

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from careline.core.models import AuditEntry
from careline.engagement.models import NewsSubscription
from careline.engagement.tests.support import ADDRESS, PostOffice, confirmed, path, token_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "rosa",
        "rosa@",
        "@example.org",
        "rosa@example",
        "rosa@exa mple.org",
        "a@example.org, b@example.org",
        "rosa@example.org\nBcc: x@example.org",
        "<script>alert(1)</script>",
        "🌻@🌻",
        "x" * 20_000,
        "x" * 250 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused_kindly_and_kept(client: Client, typed: str) -> None:
    reply = client.post(path("sign-up/"), {"email": typed})

    page = reply.content.decode()
    assert reply.status_code == 200
    assert "There is a problem" in page
    assert "email address" in page
    assert reply.context["form"]["email"].value() == typed
    assert not NewsSubscription.objects.exists()


def test_a_form_without_the_field_is_refused(client: Client) -> None:
    reply = client.post(path("sign-up/"), {})

    assert "Enter your email address." in reply.content.decode()


def test_a_stale_form_is_refused_and_shows_what_was_typed() -> None:
    reply = Client(enforce_csrf_checks=True).post(path("sign-up/"), {"email": ADDRESS})

    assert reply.status_code == 403
    assert ADDRESS in reply.content.decode()
    assert not NewsSubscription.objects.exists()


def test_too_many_sign_ups_from_one_place_are_refused(client: Client) -> None:
    replies = [
        client.post(path("sign-up/"), {"email": f"p{number}@example.org"}) for number in range(11)
    ]

    assert [reply.status_code for reply in replies] == [302] * 10 + [429]
    assert NewsSubscription.objects.count() == 10


def test_opening_the_sign_up_address_leads_to_the_form(client: Client) -> None:
    assert client.get(path("sign-up/")).headers["Location"] == path("")


def test_an_address_gets_one_mail_in_a_while(
    post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    assert len(post_office.sign_up()) == 1
    assert post_office.sign_up() == []

    clock.shift(600)
    assert len(post_office.sign_up()) == 1
    assert NewsSubscription.objects.count() == 1


def test_the_reply_is_the_same_whether_the_address_is_known(
    client: Client, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    confirmed(post_office)
    clock.shift(600)

    known, unknown = (
        post_office.post(client, path("sign-up/"), {"email": address})
        for address in (ADDRESS, "new@example.org")
    )

    assert (known.status_code, known.headers["Location"]) == (302, path("sent/"))
    assert (unknown.status_code, unknown.headers["Location"]) == (302, path("sent/"))
    assert known.content == unknown.content == b""
    assert known.cookies.keys() == unknown.cookies.keys()


def test_signing_up_again_changes_nothing_for_who_confirmed(
    post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    before = confirmed(post_office)
    clock.shift(600)

    [message] = post_office.sign_up(ADDRESS.upper(), "es")

    after = NewsSubscription.objects.get()
    assert (after.consented_at, after.delete_after) == (before.consented_at, before.delete_after)
    assert after.language == "en"
    assert "You already get our news" in message.subject
    assert "/confirm/" not in message.body


def test_a_sign_up_stores_the_address_and_clocks_and_nothing_else(
    post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    post_office.sign_up("Rosa@Example.org", "es")

    stored = NewsSubscription.objects.values().get()
    assert set(stored) == {"id", "address", "language", "mailed_at", "consented_at", "delete_after"}
    assert (stored["address"], stored["language"]) == ("rosa@example.org", "es")
    assert stored["consented_at"] is None
    assert (stored["delete_after"] - stored["mailed_at"]).days == 7


def test_the_mail_asks_in_the_readers_language_and_can_be_declined(
    post_office: PostOffice,
) -> None:
    [message] = post_office.sign_up(language="es")

    assert message.to == [ADDRESS]
    assert "Confirme" in message.subject
    assert "http://localhost:8000/es/news/confirm/" in message.body
    assert token_in(message, "leave") in message.extra_headers["List-Unsubscribe"]


def test_neither_task_nor_audit_trail_nor_log_holds_the_address(
    post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        confirmed(post_office)

    kept = [str(row) for row in DBTaskResult.objects.values()]
    kept += [str(row) for row in AuditEntry.objects.values()]
    assert kept
    assert ADDRESS not in "".join([*kept, caplog.text])


def test_a_mail_server_that_refuses_leaks_nothing(
    post_office: PostOffice, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "careline.engagement.tests.refusing_mail.EmailBackend"  # type: ignore[attr-defined]
    with caplog.at_level("DEBUG"):
        post_office.sign_up()

    task = DBTaskResult.objects.get()
    assert mail.outbox == []
    assert "MailNotSent" in task.exception_class_path
    assert ADDRESS not in str(vars(task)) + caplog.text
    assert "task.failed" in caplog.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_form_is_shown_in_each_language_and_posts_without_javascript(
    client: Client, language: str
) -> None:
    page = client.get(path("", language)).content.decode()

    assert f'action="{path("sign-up/", language)}"' in page
    assert 'autocomplete="email"' in page


def test_after_signing_up_the_page_says_what_comes_next(client: Client) -> None:
    assert "15 minutes" in client.get(path("sent/")).content.decode()
