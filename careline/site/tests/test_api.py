"""The content API gives what is approved, says whose it is, and nothing else."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from careline.content import version
from careline.content.models import Approval, ReviewedPage, Sentence
from careline.core import clock

pytestmark = pytest.mark.django_db
LISTS = ("pages", "sentences", "answers")


def got(client: Client, path: str, **query: str | int) -> Any:
    return client.get(f"/api/content/{path}", query).json()


def every(client: Client, path: str, **query: str | int) -> list[dict[str, Any]]:
    """Walk a list from its first page to its last."""
    found, address = [], f"/api/content/{path}"
    reply = client.get(address, query).json()
    found += reply["results"]
    while reply["next"]:
        reply = client.get(reply["next"].removeprefix("http://testserver")).json()
        found += reply["results"]
    return found


@pytest.mark.parametrize("path", [*LISTS, "pages/en/side-effects"])
def test_nothing_can_be_written(client: Client, pack: None, path: str) -> None:
    assert client.post(f"/api/content/{path}", {}).status_code == 405


@pytest.mark.parametrize("path", LISTS)
def test_what_was_withdrawn_is_not_given(client: Client, pack: None, path: str) -> None:
    Approval.objects.update(withdrawn_at=clock.now())
    assert got(client, path)["results"] == []
    assert client.get("/api/content/pages/en/side-effects").status_code == 404


@pytest.mark.parametrize("path", ["sentences", "answers"])
def test_what_is_past_its_review_date_is_not_given(client: Client, pack: None, path: str) -> None:
    with time_machine.travel("2099-01-01T12:00Z", tick=False):
        assert got(client, path)["results"] == []


def test_a_draft_is_not_given(client: Client, pack: None) -> None:
    page = ReviewedPage.objects.in_language("en").get(key="side-effects").specific
    page.title = "A secret draft"
    page.save_revision()
    for path in (*LISTS, "pages/en/side-effects"):
        assert "secret" not in client.get(f"/api/content/{path}").content.decode()


@pytest.mark.parametrize(
    "query",
    [{"language": "xx"}, {"page": "0"}, {"page": "x"}, {"size": "101"}, {"size": "-1"}],
)
@pytest.mark.parametrize("path", LISTS)
def test_a_parameter_that_cannot_be_used_is_refused_in_words(
    client: Client, pack: None, path: str, query: dict[str, str]
) -> None:
    reply = client.get(f"/api/content/{path}", query)
    assert reply.status_code == 400
    assert next(iter(query)) in reply.json()["message"]


def test_too_many_questions_are_refused(client: Client) -> None:
    replies = [client.get("/api/content/pages").status_code for _ in range(121)]
    assert replies[-1] == 429


@pytest.mark.parametrize("path", LISTS)
def test_each_object_says_its_licence_and_who_reviewed_it(
    client: Client, pack: None, path: str
) -> None:
    objects = every(client, path, size=30)
    assert objects
    for each in objects:
        assert each["licence"]["key"] == "CC-BY-4.0"
        assert each["provenance"]["reviewed_by"]
        assert each["provenance"]["reviewed_on"]
        assert each["language"] == "en"


def test_every_approved_sentence_is_given_once(client: Client, pack: None) -> None:
    given = [each["id"] for each in every(client, "sentences", language="es", size=7)]
    approved = Sentence.objects.approved().in_language("es")
    assert sorted(given) == sorted(approved.values_list("pk", flat=True))


def test_a_sentence_names_its_sources_and_its_place(client: Client, pack: None) -> None:
    (first, *_rest) = got(client, "sentences", key="side-effects")["results"]
    assert first["provenance"]["sources"][0]["title"]
    assert first["url"].startswith("http://testserver/en/side-effects/#s-")


def test_a_page_comes_with_its_sentences(client: Client, pack: None) -> None:
    page = got(client, "pages/es/side-effects")
    assert page["title"] == "Efectos secundarios"
    assert page["sentences"] and page["sentences"][0]["type"] == "sentence"


def test_who_has_it_already_is_told_so_until_it_changes(client: Client, pack: None) -> None:
    first = client.get("/api/content/pages")
    tag = first["ETag"]
    again = client.get("/api/content/pages", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    version.bump()
    assert client.get("/api/content/pages", headers={"if-none-match": tag}).status_code == 200


def test_it_sets_no_cookie_and_lets_other_sites_read(client: Client, pack: None) -> None:
    reply = client.get("/api/content/pages")
    assert not reply.cookies
    assert reply["Access-Control-Allow-Origin"] == "*"
