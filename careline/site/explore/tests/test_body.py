import re

import pytest
from django.test import Client

from careline.content.models import AdverseEvent
from careline.site.explore.tests.conftest import withdraw

pytestmark = pytest.mark.django_db
ADDRESS = "/en/look/body/"


def section(page: str, key: str) -> str:
    """Return the part of the page on one part of the body."""
    start = page.index(f'id="{key}" ')
    return page[start : page.index("</section>", start)]


def test_nothing_can_be_posted(client: Client, pack: None) -> None:
    assert client.post(ADDRESS).status_code == 405


def test_without_the_approved_page_there_is_none(client: Client, pack: None) -> None:
    withdraw("side-effects")

    assert client.get(ADDRESS).status_code == 404


def test_every_side_effect_stands_in_one_place(client: Client, pack: None) -> None:
    page = client.get(ADDRESS).content.decode()

    names = re.findall(r"<li><strong>([^<]+)</strong>", page)
    events = AdverseEvent.objects.exclude(key="x")
    assert sorted(names) == sorted(event.name_in("en") for event in events)


def test_the_gravest_comes_first_with_what_to_press(client: Client, pack: None) -> None:
    chest = section(client.get(ADDRESS).content.decode(), "chest")

    levels = re.findall(r"care-card--(\w+)", chest)
    assert levels == ["emergency", "urgent"]
    assert 'href="tel:911"' in chest


def test_it_is_there_in_spanish(client: Client, pack: None) -> None:
    page = client.get("/es/look/body/").content.decode()

    assert "Pecho y pulmones" in page
    assert "Dificultad para respirar" in page
