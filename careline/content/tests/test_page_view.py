"""What readers see of a page, and what they don't."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from careline.accounts.models import Staff
from careline.content.actions import withdraw
from careline.content.models import Approval, ReviewedPage, Sentence
from careline.content.presentation import page_context
from careline.content.tests.conftest import page_named
from careline.core import clock


def kinds(page: ReviewedPage) -> list[str]:
    return [section.kind for section in page_context(page)["sections"]]


def test_a_page_without_a_signature_is_not_there(page: ReviewedPage, client: Client) -> None:
    Approval.objects.filter(page_id=page.pk).update(withdrawn_at=clock.now())
    assert client.get("/en/how-it-works/").status_code == 404


def test_a_revision_published_around_the_signature_is_not_there(
    page: ReviewedPage, editor: Staff, client: Client
) -> None:
    page.save_revision(user=editor).publish()
    assert client.get("/en/how-it-works/").status_code == 404


def test_a_draft_of_a_signed_page_stays_unseen(
    page: ReviewedPage, editor: Staff, client: Client
) -> None:
    page.title = "A secret draft"
    page.save_revision(user=editor)
    response = client.get("/en/how-it-works/")
    assert response.status_code == 200
    assert "A secret draft" not in response.content.decode()


def test_a_withdrawn_sentence_is_left_out_of_its_page(page: ReviewedPage, client: Client) -> None:
    Sentence.objects.filter(page_key=page.key, label="fever").update(retired_at=clock.now())
    assert "A fever is a side effect" not in client.get("/en/how-it-works/").content.decode()


@pytest.mark.parametrize("address", ["/en/how-it-works/", "/es/how-it-works/", "/en/nivolumab/"])
def test_a_signed_page_is_shown(loaded: object, client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response.context["page"].title in response.content.decode()


def test_the_body_comes_in_order_with_numbered_sources(
    page: ReviewedPage, settings: Settings
) -> None:
    settings.HELPLINE_PHONE = "1-800-555-0199"
    context = page_context(page)

    assert kinds(page) == [
        "heading", "passage", "passage", "heading", "regimens", "drugs", "adverse_events",
        "conflict",
    ]  # fmt: skip
    passage = context["sections"][1]
    assert passage.style == "paragraph"
    assert [each.citations for each in passage.sentences] == [[1], [1, 2]]
    assert passage.sentences[1].text == "Call 1-800-555-0199 to ask about immunotherapy."
    assert passage.sentences[0].id == Sentence.objects.get(label="what", page=page).pk
    assert [(each.number, each.source.key) for each in context["references"]] == [
        (1, "acs"),
        (2, "pdq"),
    ]
    assert [each.anchor for each in context["contents"]] == ["body", "tables"]


def test_tables_are_made_from_facts(page: ReviewedPage) -> None:
    sections = {each.kind: each for each in page_context(page)["sections"]}

    regimen = sections["regimens"].rows[0]
    assert regimen.name == "Nivolumab alone"
    part = regimen.components[0]
    assert (part.drug, part.schedule, part.drug_url) == (
        "nivolumab",
        "every 2 weeks",
        "/en/nivolumab/",
    )
    assert sections["drugs"].rows[0].brands[0].name == "Opdivo"
    event = sections["adverse_events"].rows[0]
    assert event.what_to_do.startswith("Call 1-") and event.level == "urgent"


def test_a_conflict_shows_both_sources_and_the_note(page: ReviewedPage) -> None:
    conflict = page_context(page)["sections"][-1]
    assert conflict.subject == "When it is used"
    assert [each.source.key for each in conflict.statements] == ["acs", "pdq"]
    assert conflict.note[0].text.startswith("Our sources differ")


def test_a_conflict_without_its_signed_note_is_left_out(page: ReviewedPage) -> None:
    Sentence.objects.filter(conflict_key="when").update(retired_at=clock.now())
    assert "conflict" not in kinds(page)


def test_provenance_says_who_and_until_when(page: ReviewedPage) -> None:
    provenance = page_context(page)["provenance"]
    assert provenance.written_by == "The editors"
    assert provenance.reviewer == "Demonstration review"
    assert provenance.reviewed_on == dt.date(2026, 1, 1)
    assert provenance.next_review_on == dt.date(2099, 1, 1)
    assert provenance.demonstration and not provenance.overdue


def test_past_its_review_date_a_page_is_marked_and_leaves_the_answers(
    page: ReviewedPage, client: Client
) -> None:
    with time_machine.travel("2099-01-03T12:00:00Z"):
        context = page_context(page)
        assert context["provenance"].overdue
        assert "passage" in kinds(page)
        assert not Sentence.objects.approved().exists()
        assert client.get("/en/how-it-works/").status_code == 200


def test_other_languages_are_named_only_where_the_page_is_public(
    page: ReviewedPage, reviewer: Staff
) -> None:
    both = page_context(page)["alternates"]
    assert [(each.language, each.url, each.current) for each in both] == [
        ("en", "/en/how-it-works/", True),
        ("es", "/es/how-it-works/", False),
    ]
    withdraw(page_named("how-it-works", "es"), acting_user=reviewer)
    assert [each.language for each in page_context(page)["alternates"]] == ["en"]


def test_a_preview_shows_the_draft_itself(page: ReviewedPage) -> None:
    page.body[1].value["sentences"][0]["text"] = "A draft sentence."
    passage = page_context(page, draft=True)["sections"][1]
    assert passage.sentences[0].text == "A draft sentence."
    assert passage.sentences[0].citations == [1]


def test_a_page_costs_a_bounded_number_of_queries(
    page: ReviewedPage, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/en/how-it-works/")  # Fills the site's caches.
    with django_assert_max_num_queries(34):
        client.get("/en/how-it-works/")


def test_the_root_of_a_language_is_not_a_page(loaded: object) -> None:
    from django.http import Http404, HttpRequest

    from careline.content.models import SiteRootPage

    with pytest.raises(Http404):
        SiteRootPage.objects.first().serve(HttpRequest())
