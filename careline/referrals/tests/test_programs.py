"""The public list: bad filters are met kindly, old services are gone, the rest can be found."""

import html

import pytest
from django.test import Client

from careline.referrals.models import Phone
from careline.referrals.tests.factories import make_service

pytestmark = pytest.mark.django_db
PATH = "/en/programs/"


def text_of(client: Client, path: str = PATH, **query: str) -> str:
    """Return the page's words."""
    reply = client.get(path, query)
    assert reply.status_code == 200
    return html.unescape(reply.content.decode())


@pytest.mark.parametrize("choice", ["nothing", "<script>", "🌻", "x" * 5000, "' OR 1=1 --"])
def test_an_unknown_choice_shows_everything_and_says_so(client: Client, choice: str) -> None:
    make_service("The bus", needs=("rides",))

    for name in ("need", "language"):
        page = text_of(client, **{name: choice})
        assert "That choice isn't in the list any more." in page
        assert "The bus" in page
        assert "<script>alert" not in page


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", ""])
def test_a_page_that_is_not_there_shows_one_that_is(client: Client, number: str) -> None:
    make_service("The bus")

    assert "The bus" in text_of(client, page=number)


def test_only_reading_is_possible(client: Client) -> None:
    assert client.post(PATH).status_code == 405


def test_too_many_searches_from_one_place_are_refused(client: Client) -> None:
    replies = {client.get(PATH).status_code for _ in range(120)}

    assert replies == {200}
    assert client.get(PATH).status_code == 429


def test_a_service_that_nobody_assured_lately_is_gone_with_its_choices(client: Client) -> None:
    make_service("The old bus", days_ago=366, needs=("rides",), languages=("fr",))

    page = text_of(client)
    assert "The old bus" not in page
    assert "Rides" not in page
    assert "Français" not in page


def test_with_nothing_to_show_it_says_kindly_what_to_do(client: Client) -> None:
    make_service("The bus", needs=("rides",))
    make_service("El tren", needs=("trips",), languages=("es",))

    page = text_of(client, need="rides", language="es")

    assert "We have no service to show for this yet" in page
    assert "Show all services" in page
    assert "The bus" not in page


def test_need_and_language_narrow_the_list(client: Client) -> None:
    make_service("The bus", needs=("rides",), languages=("en", "es"))
    make_service("The clinic", needs=("care",))

    assert "The clinic" not in text_of(client, need="rides")
    assert "The clinic" not in text_of(client, language="es")
    assert "The bus" in text_of(client, need="rides", language="es")
    both = text_of(client, need="", language="")
    assert "The bus" in both and "The clinic" in both


def test_each_service_says_how_fresh_it_is_and_by_whom(client: Client) -> None:
    make_service("The bus", days_ago=3, demonstration=True)

    page = text_of(client)
    assert "by Dana" in page
    assert "(3 days ago)" in page
    assert "This list is a demonstration." in page


def test_words_missing_in_a_language_are_marked_with_their_own(client: Client) -> None:
    make_service("The bus")

    assert 'lang="en">The bus</h3>' in text_of(client, "/es/programs/")


def test_what_a_file_says_is_escaped(client: Client) -> None:
    service = make_service("<img src=x onerror=alert(1)>")
    Phone.objects.create(service=service, number="211", note={"en": "<b>"})

    page = client.get(PATH).content.decode()
    assert "<img src=x" not in page
    assert "&lt;b&gt;" in page


def test_a_long_list_comes_in_pages_that_keep_the_filter(client: Client) -> None:
    for _ in range(26):
        make_service(needs=("rides",))

    assert "need=rides&page=2" in text_of(client, need="rides")
    assert "Page 2 of 2" in text_of(client, need="rides", page="2")


def test_more_services_cost_no_more_queries(
    client: Client, django_assert_max_num_queries: object
) -> None:
    for _ in range(20):
        make_service(needs=("rides",))

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(PATH)
