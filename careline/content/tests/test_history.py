"""What readers see of a page's past."""

from django.test import Client

from careline.accounts.models import Staff
from careline.content.actions import withdraw
from careline.content.actions.packs import load_pack
from careline.content.history import Happened, of_page
from careline.content.models import ReviewedPage
from careline.content.tests.conftest import page_named
from careline.content.tests.packmaker import edit


def changed(folder: object, old: str, new: str) -> ReviewedPage:
    edit(folder, "pages/en/how-it-works.md", old, new)  # type: ignore[arg-type]
    load_pack(folder)  # type: ignore[arg-type]
    return page_named("how-it-works")


def test_an_unknown_page_has_no_history(loaded: object, client: Client) -> None:
    assert client.get("/en/history/nothing/").status_code == 404


def test_a_withdrawn_page_shows_nothing_of_its_past(
    page: ReviewedPage, reviewer: Staff, client: Client
) -> None:
    withdraw(page, acting_user=reviewer)
    assert client.get("/en/history/how-it-works/").status_code == 404


def test_a_draft_is_no_part_of_it(page: ReviewedPage, editor: Staff, client: Client) -> None:
    page.body[1].value["sentences"][0]["text"] = "A secret draft."
    page.save_revision(user=editor)
    assert "secret" not in client.get("/en/history/how-it-works/").content.decode()
    assert len(of_page(page)) == 1


def test_words_that_were_withdrawn_are_not_repeated(loaded: object, client: Client) -> None:
    page = changed(loaded, "helps the body fight cancer", "helps the body")
    page.approvals.filter(pk=page.approvals.first().pk).update(withdrawn_at="2026-01-02T00:00Z")
    text = client.get("/en/history/how-it-works/").content.decode()
    assert "fight cancer" not in text
    assert "This version was withdrawn" in text


def test_the_first_signature_is_the_beginning(page: ReviewedPage, client: Client) -> None:
    (entry,) = of_page(page)
    assert entry.first and not entry.changes
    assert "First published." in client.get("/en/history/how-it-works/").content.decode()


def test_a_changed_sentence_stands_beside_the_one_that_it_replaced(
    loaded: object, client: Client
) -> None:
    page = changed(loaded, "helps the body fight cancer", "helps the body find cancer")
    newest, first = of_page(page)
    (change,) = newest.changes
    assert first.first
    assert change.kind is Happened.CHANGED
    assert change.before == "Immunotherapy helps the body fight cancer."
    assert change.after == "Immunotherapy helps the body find cancer."
    text = client.get("/en/history/how-it-works/").content.decode()
    assert "<del>Immunotherapy helps the body fight cancer.</del>" in text
    assert f"#{change.id}" in text


def test_added_removed_and_otherwise_sourced_sentences_are_told_apart(loaded: object) -> None:
    changed(loaded, "- A fever", "- A cough is one too. [^pdq]\n- A fever")
    changed(loaded, "A cough is one too. [^pdq]", "A cough is one too. [^acs]")
    page = changed(loaded, "- A cough is one too. [^acs]\n", "")
    kinds = [[change.kind for change in entry.changes] for entry in of_page(page)]
    assert kinds == [[Happened.REMOVED], [Happened.SOURCES], [Happened.ADDED], []]
