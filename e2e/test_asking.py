"""A person asks: an answer with its source, an honest refusal, danger first."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import Visit
from e2e.servers import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_danger_is_answered_first_with_chat_closed(
    closed_server: Server, visit: Visit, javascript: bool
) -> None:
    page = visit(closed_server, javascript=javascript, narrow=True)

    page.locator("#id_question").fill("I can't breathe since the infusion")
    page.get_by_role("button", name="Ask", exact=True).click()

    card = page.locator("[data-care-card=emergency]")
    expect(card).to_be_visible()
    expect(card.get_by_role("link", name="911")).to_have_attribute("href", "tel:911")
    box = card.bounding_box()
    assert box is not None
    assert box["y"] < 500, "the card stands above the fold of a small phone"
    before = page.locator("main h1").first.bounding_box()
    assert before is None or before["y"] > box["y"]


def test_a_dose_is_refused_kindly_and_says_who_is_there(
    closed_server: Server, visit: Visit
) -> None:
    page = visit(closed_server)

    page.locator("#id_question").fill("How many mg of nivolumab should I take?")
    page.get_by_role("button", name="Ask", exact=True).click()

    expect(page.locator("[data-refusal=dose]")).to_be_visible()
    assert page.locator("a[href^='tel:']").count() > 0
    expect(page.locator(".help-bar")).to_contain_text("Chat opens")
    expect(page.locator("#id_question")).to_have_value("How many mg of nivolumab should I take?")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_question_gets_approved_sentences_that_lead_to_their_page(
    closed_server: Server, visit: Visit, javascript: bool
) -> None:
    page = visit(closed_server, javascript=javascript)

    page.locator("#id_question").fill("What are common side effects of tecentriq?")
    page.get_by_role("button", name="Ask", exact=True).click()

    first = page.locator("[data-sentence]").first
    expect(first).to_be_visible()
    sentence_id = first.get_attribute("data-sentence")
    source = page.locator("#ref-1 a").first
    expect(page.locator("#ref-1")).to_contain_text("reviewed")
    source.click()
    assert sentence_id
    expect(page.locator(f"#{sentence_id}")).to_be_visible()
    printed = closed_server.careline("sentence", sentence_id)
    assert "evie" in printed  # reviewer, reviewed


def test_a_question_in_spanish_is_answered_in_spanish(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, "/es/")

    page.locator("#id_question").fill("¿Qué efectos secundarios son comunes?")
    page.locator("form.ask button").click()

    expect(page.locator(".answer__sentences")).to_have_attribute("lang", "es")


def test_nothing_typed_is_lost_when_it_is_too_long(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server)
    text = "itchy " * 4000

    page.locator("#id_question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()

    assert page.locator("#id_question").input_value().strip() == text.strip()
    expect(page.locator(".error-summary, .field__error").first).to_be_visible()


def test_leaving_at_once_works_without_javascript(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, javascript=False)

    leave = page.get_by_role("link", name="Leave")

    expect(leave).to_be_visible()
    reply = page.request.get(leave.get_attribute("href") or "", max_redirects=0)
    assert reply.status in (302, 303)
    assert "careline" not in reply.headers["location"]
