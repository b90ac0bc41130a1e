import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_unknown_language_is_refused(client: Client) -> None:
    assert client.get("/language/xx/", follow=True).status_code == 404


@pytest.mark.parametrize(
    "address", ["//evil.example/", "https://evil.example/en/", "javascript:alert(1)", "/\\evil", ""]
)
def test_it_never_leads_to_another_site(client: Client, address: str) -> None:
    assert client.get("/language/es/", {"to": address})["Location"] == "/es/"


def test_a_page_that_does_not_exist_leads_home(client: Client) -> None:
    assert client.get("/language/es/", {"to": "/en/no-such-page/"})["Location"] == "/es/"


def test_it_stays_on_the_same_page(client: Client) -> None:
    response = client.get("/language/es/", {"to": "/en/search/?q=opdivo"})

    assert response["Location"] == "/es/search/?q=opdivo"


def test_a_reviewed_page_leads_to_its_translation(client: Client, pack: None) -> None:
    response = client.get("/language/es/", {"to": "/en/side-effects/"})

    assert "Efectos secundarios" in client.get(response["Location"]).content.decode()


def test_it_leads_back_whatever_the_cookie_says(client: Client, pack: None) -> None:
    client.cookies["careline_language"] = "es"

    assert client.get("/language/en/", {"to": "/es/search/"})["Location"] == "/en/search/"


def test_the_choice_is_remembered(client: Client) -> None:
    client.get("/language/es/", {"to": "/en/"})

    assert client.get("/")["Location"] == "/es/"
