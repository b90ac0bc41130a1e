import pytest
from django.test import Client

from careline.site.explore.tests.conftest import withdraw

pytestmark = pytest.mark.django_db


def test_home_leads_to_no_screen_without_its_words(client: Client, pack: None) -> None:
    withdraw("treatments")

    home = client.get("/en/").content.decode()

    assert "/en/look/calendar/" not in home
    assert "/en/look/switches/" in home


@pytest.mark.parametrize(("language", "words"), [("en", "rather look"), ("es", "prefiere ver")])
def test_home_leads_to_the_screens(client: Client, pack: None, language: str, words: str) -> None:
    home = client.get(f"/{language}/").content.decode()

    assert words in home
    assert f'href="/{language}/look/switches/"' in home
    assert f'href="/{language}/look/calendar/"' in home


def test_a_page_leads_to_the_screens_made_from_it_and_to_no_other(
    client: Client, pack: None
) -> None:
    page = client.get("/es/treatments/").content.decode()

    assert 'href="/es/look/calendar/"' in page
    assert 'href="/es/look/side-by-side/"' in page
    assert "/look/switches/" not in page
    assert "/look/" not in client.get("/en/nivolumab/").content.decode()
