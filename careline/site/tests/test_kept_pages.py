"""Pages that are kept ready must never say what rendering wouldn't say now."""

import time
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from careline.accounts.enums import Role
from careline.accounts.tests.factories import client_of, make_staff
from careline.contacts import opening_actions, presence
from careline.content import version
from careline.content.actions import withdraw
from careline.content.models import Approval, ReviewedPage
from careline.core import clock
from careline.site import kept_pages

pytestmark = pytest.mark.django_db
ARTICLE = "/en/side-effects/"


@pytest.fixture(autouse=True)
def _keeping(settings: Settings) -> Iterator[None]:
    settings.KEPT_PAGES = 4
    kept_pages.forget()
    yield
    kept_pages.forget()


def article() -> ReviewedPage:
    page: ReviewedPage = ReviewedPage.objects.in_language("en").get(key="side-effects").specific
    return page


def renamed(title: str) -> None:
    """Change what rendering would say, without a change of the content's number."""
    ReviewedPage.objects.filter(key="side-effects").update(title=title)


def title_shown(client: Client, address: str = ARTICLE, **extra: object) -> str:
    page = client.get(address, **extra).content.decode()  # type: ignore[arg-type]
    return page.partition("<h1>")[2].partition("</h1>")[0]


def test_a_withdrawn_page_is_gone_at_once(client: Client, pack: None) -> None:
    assert client.get(ARTICLE).status_code == 200
    withdraw(article(), acting_user=make_staff(Role.EDITOR))
    assert client.get(ARTICLE).status_code == 404


def test_a_withdrawal_by_another_process_counts_at_once(client: Client, pack: None) -> None:
    client.get(ARTICLE)
    Approval.objects.update(withdrawn_at=clock.now())
    version.bump()
    assert client.get(ARTICLE).status_code == 404


def test_staff_and_unknown_cookies_get_pages_of_their_own(client: Client, pack: None) -> None:
    title_shown(client)
    renamed("Fresh")
    assert title_shown(client_of(make_staff(Role.EDITOR))) == "Fresh"
    other = Client()
    other.cookies["theme"] = "dark"
    assert title_shown(other) == "Fresh"


def test_what_answers_a_person_is_never_kept(client: Client, pack: None) -> None:
    for address in ("/en/search/?q=fever", "/en/ask/", "/en/chat/", f"{ARTICLE}?q=1"):
        client.get(address)
    client.post("/en/ask/", {"question": "fever"})
    assert not kept_pages._pages


def test_a_page_that_is_not_there_is_not_kept(client: Client, pack: None) -> None:
    client.get("/en/nothing/")
    assert not kept_pages._pages


def test_another_day_another_page(client: Client, pack: None) -> None:
    title_shown(client)
    renamed("Fresh")
    with time_machine.travel("2099-01-01T12:00Z", tick=False):
        assert title_shown(client) == "Fresh"


def test_what_is_open_now_is_at_most_seconds_old(
    client: Client, pack: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel("2026-11-23T18:00Z", tick=False):  # Monday noon in Chicago
        assert "No specialist is free" in client.get(ARTICLE).content.decode()
        presence.set_accepting(acting_user=make_staff(Role.SPECIALIST), accepting=True)
        monkeypatch.setattr(kept_pages, "_OPENING_SECONDS", -1.0)
        assert "Chat is open" in client.get(ARTICLE).content.decode()


def test_no_page_says_open_a_second_after_chat_was_closed(client: Client, pack: None) -> None:
    with time_machine.travel("2026-11-23T18:00Z", tick=False):
        presence.set_accepting(acting_user=make_staff(Role.SPECIALIST), accepting=True)
        assert "Chat is open" in client.get(ARTICLE).content.decode()
        opening_actions.close_now(acting_user=make_staff(Role.SUPERVISOR))
        closed, asked = time.perf_counter(), 0.0
        while "Chat is open" in client.get(ARTICLE).content.decode():
            assert asked <= 1.0
            asked = time.perf_counter() - closed
        assert "Chat is closed for now" in client.get(ARTICLE).content.decode()


def test_one_host_or_language_never_gets_anothers(client: Client, pack: None) -> None:
    assert (
        'href="http://one.example/en' in client.get(ARTICLE, headers={"host": "one.example"}).text
    )
    assert (
        'href="http://two.example/en' in client.get(ARTICLE, headers={"host": "two.example"}).text
    )
    assert 'lang="es"' in client.get("/es/side-effects/").text


def test_only_so_many_are_kept(client: Client, pack: None) -> None:
    for number in range(9):
        client.get(ARTICLE, headers={"host": f"h{number}.example"})
    assert len(kept_pages._pages) == 4


def test_a_kept_page_is_the_same_with_one_question_to_the_database(
    client: Client, pack: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(ARTICLE)
    with django_assert_num_queries(1):
        second = client.get(ARTICLE)
    assert second.content == first.content
    assert second.headers == first.headers
    assert not second.cookies
    assert "Content-Security-Policy" in second.headers


def test_packed_and_plain_are_told_apart(client: Client, pack: None) -> None:
    packed = client.get(ARTICLE, headers={"accept-encoding": "gzip"})
    plain = client.get(ARTICLE)
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert plain.content.startswith(b"<!doctype html>")


def test_a_browser_that_has_it_is_told_so(client: Client, pack: None) -> None:
    tag = client.get(ARTICLE)["ETag"]
    again = client.get(ARTICLE, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    version.bump()
    renamed("Fresh")
    assert client.get(ARTICLE, headers={"if-none-match": tag}).status_code == 200
