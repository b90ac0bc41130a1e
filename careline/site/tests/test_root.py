import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_unknown_language_of_the_browser_gets_the_first_one(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "xx, fr;q=0.5"})["Location"] == "/en/"


def test_a_broken_language_cookie_does_no_harm(client: Client) -> None:
    client.cookies["careline_language"] = "../../etc\x01"

    assert client.get("/")["Location"] == "/en/"


def test_the_browsers_language_decides(client: Client) -> None:
    response = client.get("/", headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})

    assert response["Location"] == "/es/"
    assert "Accept-Language" in response["Vary"]


def test_search_engines_are_kept_from_what_is_private(client: Client) -> None:
    body = client.get("/robots.txt").content.decode()

    assert "Disallow: /desk/" in body
    assert "Disallow: /leave/" in body


def test_a_guessed_icon_is_found(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith("img/favicon.svg")
