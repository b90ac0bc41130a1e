import pytest
from django.template.loader import render_to_string
from django.test import Client

from careline.content.models import Approval, ReviewedPage
from careline.core import clock

pytestmark = pytest.mark.django_db


def test_nothing_can_be_posted_to_the_home_page(client: Client) -> None:
    assert client.post("/en/").status_code == 405


def test_it_lists_topics_medicines_and_other_help(client: Client, pack: None) -> None:
    page = client.get("/en/").content.decode()

    assert "Immunotherapy for liver cancer" in page
    assert 'href="/en/side-effects/"' in page
    assert "Nivolumab (Opdivo)" in page
    assert 'href="/en/tobacco/"' in page


def test_the_list_of_programs_and_the_news_can_be_found(client: Client, pack: None) -> None:
    home = client.get("/en/").content.decode()

    assert 'href="/en/programs/"' in home
    assert 'href="/en/news/"' in home


@pytest.mark.parametrize(
    ("key", "screen"),
    [("programs-and-resources", "/en/programs/"), ("email-news", "/en/news/")],
)
def test_a_service_page_leads_to_the_screen_of_its_service(key: str, screen: str) -> None:
    assert f'href="{screen}"' in render_to_string("partials/door.html", {"key": key})


def test_it_speaks_the_language_of_its_address(client: Client, pack: None) -> None:
    page = client.get("/es/").content.decode()

    assert '<html lang="es"' in page
    assert "¿Cómo podemos ayudarle hoy?" in page
    assert "Efectos secundarios" in page
    assert "¿Qué es la inmunoterapia?" in page


def test_a_page_whose_signature_was_withdrawn_is_not_listed(client: Client, pack: None) -> None:
    tobacco = ReviewedPage.objects.filter(key="tobacco")

    Approval.objects.filter(page__in=tobacco).update(withdrawn_at=clock.now())

    assert 'href="/en/tobacco/"' not in client.get("/en/").content.decode()


def test_demonstration_content_says_so_on_every_page(client: Client, pack: None) -> None:
    for address in ("/en/", "/en/privacy-notice/", "/en/side-effects/"):
        assert "A medical reviewer has yet to sign" in client.get(address).content.decode()


def test_signed_content_does_not_call_itself_a_demonstration(client: Client, pack: None) -> None:
    Approval.objects.update(demonstration=False)

    assert "This is a demonstration." not in client.get("/en/").content.decode()


def test_home_costs_few_queries_once_it_is_known(
    client: Client, pack: None, django_assert_max_num_queries: object
) -> None:
    client.get("/en/")

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get("/en/")
