"""Words are explained where they stand, by the browser itself; a draft is measured while typed."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import Visit, sign_in
from e2e.servers import Server
from e2e.test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.screens]


@pytest.mark.parametrize("narrow", [True, False])
def test_a_word_opens_in_place_by_keyboard_without_script(
    closed_server: Server, visit: Visit, narrow: bool
) -> None:
    page = visit(closed_server, "/en/how-it-works/", javascript=False, narrow=narrow)
    word = page.locator(".article__body").get_by_role("button", name="immune system").first
    explanation = page.locator(f"#{word.get_attribute('popovertarget')}")
    word.scroll_into_view_if_needed()
    below = page.get_by_role("heading", name="PD-1 and PD-L1")
    before = below.bounding_box()
    expect(explanation).to_be_hidden()

    word.focus()
    page.keyboard.press("Enter")

    expect(explanation).to_contain_text("called the immune system")
    expect(explanation).to_contain_text("American Cancer Society")
    expect(explanation).to_be_in_viewport(ratio=1)
    assert below.bounding_box() == before, "the page moved"
    page.keyboard.press("Tab")
    expect(explanation.get_by_role("link", name="More on")).to_be_focused()
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()
    expect(word).to_be_focused()


def test_paper_has_the_words_in_brackets(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, "/en/side-effects/")
    page.emulate_media(media="print")
    shown = page.locator(".explanation:visible")
    texts = shown.all_inner_texts()
    assert texts and len(texts) == len(set(texts)), "a word is explained twice on paper"
    assert all("Close" not in text for text in texts)


def test_a_draft_is_measured_while_it_is_typed(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, "/staff/sign-in/")
    sign_in(page, closed_server, "edith")
    page.goto("/editor/")
    page.get_by_role("link", name="Article").first.click()
    sentence = page.locator("[name=body-1-value-sentences-0-value-text]")
    sentence.fill("Gastrointestinal inflammation necessitates immediate corticosteroids.")
    expect(page.locator("[data-reading-figures]")).to_contain_text("too hard")
    expect(page.locator("[data-reading-said]")).to_have_text("The text is too hard to read.")
    sentence.fill("Call your care team now.")
    expect(page.locator("[data-reading-said]")).to_have_text("The text is easy enough to read.")


def test_an_open_explanation_is_accessible(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, "/en/how-it-works/", narrow=True)
    page.locator(".word").first.click()
    expect(page.locator(".explanation:popover-open")).to_be_visible()
    assert findings(page) == []
