import re

import pytest
from django.test import Client

from careline.content.models import Sentence
from careline.site.explore.tests.conftest import withdraw

pytestmark = pytest.mark.django_db
ADDRESS = "/en/look/switches/"
OFF = "the T cell is switched off"
STRONGER = "makes the attack on cancer cells stronger"
HELD = "it holds T cells back"


def shown(page: str) -> str:
    """Return the words of the page without what is hidden."""
    return re.sub(r"<p[^>]* hidden>.*?</p>", "", page, flags=re.DOTALL)


def test_nothing_can_be_posted(client: Client, pack: None) -> None:
    assert client.post(ADDRESS).status_code == 405


def test_without_its_approved_words_there_is_no_picture(client: Client, pack: None) -> None:
    withdraw("how-it-works")

    assert client.get(ADDRESS).status_code == 404


def test_a_medicine_whose_words_are_withdrawn_cannot_be_chosen(client: Client, pack: None) -> None:
    withdraw("nivolumab")

    page = client.get(ADDRESS + "?medicine=nivolumab").content.decode()

    assert 'value="nivolumab"' not in page
    assert 'data-blocked=""' in page


@pytest.mark.parametrize(
    "query", ["medicine=aspirin", "block=x&block=%00y", "medicine=" + "a" * 900]
)
def test_what_is_not_known_blocks_nothing(client: Client, pack: None, query: str) -> None:
    response = client.get(f"{ADDRESS}?{query}")

    assert response.status_code in (200, 400)
    assert 'data-blocked="PD' not in response.content.decode()


def test_at_first_both_switches_hold_the_t_cell(client: Client, pack: None) -> None:
    page = shown(client.get(ADDRESS).content.decode())

    assert OFF in page
    assert HELD in page
    assert STRONGER not in page


@pytest.mark.parametrize(
    ("medicine", "blocked"),
    [
        ("atezolizumab", "PD-L1"),
        ("durvalumab", "PD-L1"),
        ("pembrolizumab", "PD-1"),
        ("nivolumab", "PD-1"),
        ("ipilimumab", "CTLA-4"),
        ("tremelimumab", "CTLA-4"),
        ("durvalumab-tremelimumab", "PD-L1 CTLA-4"),
        ("nivolumab-ipilimumab", "PD-1 CTLA-4"),
    ],
)
def test_a_medicine_blocks_what_its_facts_say(
    client: Client, pack: None, medicine: str, blocked: str
) -> None:
    page = shown(client.get(f"{ADDRESS}?medicine={medicine}").content.decode())

    assert f'data-blocked="{blocked}"' in page
    assert (STRONGER in page) == ("PD-" in blocked)
    assert (OFF in page) == ("PD-" not in blocked)
    assert (HELD in page) == ("CTLA-4" not in blocked)


def test_a_targeted_drug_is_not_among_the_medicines(client: Client, pack: None) -> None:
    assert 'value="bevacizumab"' not in client.get(ADDRESS).content.decode()


def test_switches_are_blocked_by_hand_one_by_one(client: Client, pack: None) -> None:
    page = client.get(ADDRESS + "?block=ctla-4").content.decode()

    assert 'data-blocked="CTLA-4"' in page
    # The other switch's button keeps this one blocked.
    assert '<input type="hidden" name="block" value="ctla-4">' in page
    assert page.count('aria-checked="true"') == 1


def test_every_sentence_is_an_approved_one_with_its_source(client: Client, pack: None) -> None:
    page = client.get("/es/look/switches/").content.decode()

    ids = set(re.findall(r'data-sentence="(s-\w+)"', page))
    assert len(ids) > 10
    assert Sentence.objects.approved().in_language("es").filter(pk__in=ids).count() == len(ids)
    assert 'id="ref-1"' in page
    assert "Los interruptores de control" in page
