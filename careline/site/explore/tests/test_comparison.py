import pytest
from django.test import Client

from careline.content.models import Regimen
from careline.site.explore.tests.conftest import withdraw

pytestmark = pytest.mark.django_db
ADDRESS = "/en/look/side-by-side/"


def test_nothing_can_be_posted(client: Client, pack: None) -> None:
    assert client.post(ADDRESS).status_code == 405


def test_without_the_approved_page_there_is_none(client: Client, pack: None) -> None:
    withdraw("treatments")

    assert client.get(ADDRESS).status_code == 404


def test_a_drug_whose_page_is_withdrawn_is_named_without_a_link(client: Client, pack: None) -> None:
    withdraw("nivolumab")

    page = client.get(ADDRESS).content.decode()

    assert "Nivolumab: PD-1" in page
    assert 'href="/en/nivolumab/"' not in page


def test_every_regimen_is_a_column_with_its_facts(client: Client, pack: None) -> None:
    page = client.get(ADDRESS).content.decode()

    for regimen in Regimen.objects.all():
        assert f'scope="col">{regimen.name_in("en")}</th>' in page
    assert "usually once every 3 weeks for 4 treatments" in page
    assert ">Tremelimumab</a>: CTLA-4" in page


def test_where_sources_differ_the_note_stands_below(client: Client, pack: None) -> None:
    page = client.get(ADDRESS).content.decode()

    assert 'href="#differ-tremelimumab-schedule"' in page
    assert 'id="differ-tremelimumab-schedule"' in page
    assert "Our sources do not agree on how often tremelimumab is given" in page
