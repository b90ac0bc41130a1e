"""Before a pack is loaded, the pages are poorer, never broken."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_without_content_a_person_can_still_ask_and_call(client: Client) -> None:
    page = client.get("/en/").content.decode()

    assert 'name="question"' in page
    assert "1-800-555-0100" in page


@pytest.mark.parametrize("address", ["/en/who-reviews/", "/en/reprint/"])
def test_without_content_the_footer_still_leads_somewhere(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_without_content_there_is_nothing_to_look_at(client: Client) -> None:
    assert "rather-look" not in client.get("/en/").content.decode()


def test_without_answers_the_list_of_questions_stays_kind(client: Client) -> None:
    assert "No questions are listed right now" in client.get("/en/questions/").content.decode()
