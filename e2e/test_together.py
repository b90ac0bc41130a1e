"""Several people on one contact, and several contacts at one desk, in real browsers."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Visit
from e2e.servers import Server
from e2e.test_accessibility import findings
from e2e.test_conversation import accept, say, start_chat
from e2e.test_desk import at_desk

pytestmark = pytest.mark.browser
FIRST, SECOND = "First of two about rash", "Second of two about cough"


def words_being_written(page: Page) -> str:
    return page.locator(".composer textarea").input_value()


def test_what_is_written_stays_with_its_contact(open_server: Server, visit: Visit) -> None:
    desk = at_desk(open_server, visit, "luis")
    mine = desk.locator("[data-mine] [data-item]")
    before = mine.count()  # Whatever another journey left with this person.
    for words in (FIRST, SECOND):
        start_chat(visit(open_server, narrow=True), words)
        accept(desk, words)
    desk.keyboard.press("r")
    desk.keyboard.type("For the second only")
    desk.locator("#among-text").fill("Seems calm")
    desk.keyboard.press(f"Alt+{before + 1}")
    expect(desk.locator("[data-messages]")).to_contain_text(FIRST)
    assert words_being_written(desk) == ""
    assert desk.locator("#among-text").input_value() == ""
    say(desk, "For the first only")
    expect(desk.locator(".message--mine")).to_contain_text("For the first only")
    desk.keyboard.press(f"Alt+{before + 2}")
    expect(desk.locator("[data-messages]")).to_contain_text(SECOND)
    assert words_being_written(desk) == "For the second only"
    assert desk.locator("#among-text").input_value() == "Seems calm"
    desk.locator(".composer textarea").press("Control+Enter")
    expect(desk.locator(".message--mine")).to_contain_text("For the second only")
    desk.reload()
    assert words_being_written(desk) == ""
    for _contact in range(2):
        desk.goto("/desk/")
        mine.nth(before).click()
        desk.get_by_role("button", name="Save and end contact").click()


def test_a_question_to_a_supervisor_then_a_colleague_takes_over(
    open_server: Server, visit: Visit
) -> None:
    visitor = visit(open_server, narrow=True)
    dana = at_desk(open_server, visit, "dana")
    words = "May I ask about my liver scan?"
    start_chat(visitor, words)
    accept(dana, words)

    dana.keyboard.press("n")
    expect(dana.locator("#among-text")).to_be_focused()
    dana.keyboard.type("Do we explain scans?")
    dana.get_by_role("button", name="Ask a supervisor").click()
    expect(dana.locator(".message--staff")).to_contain_text("Do we explain scans?")
    susan = at_desk(open_server, visit, "susan")
    susan.get_by_role("region", name=re.compile("Asks a supervisor")).get_by_role("link").click()
    susan.locator("#among-text").fill("Only in general words.")
    susan.get_by_role("button", name="Whisper").click()
    expect(dana.locator(".message--staff").last).to_contain_text("Only in general words.")
    assert not findings(dana)

    luis = at_desk(open_server, visit, "luis")
    dana.reload()  # Who came to the desk meanwhile can be asked now.
    dana.keyboard.press("t")
    expect(dana.get_by_label("To whom?")).to_be_focused()
    luis_there = dana.get_by_label("To whom?").locator("option", has_text="Luis")
    dana.get_by_label("To whom?").select_option(luis_there.get_attribute("value"))
    dana.get_by_role("button", name="Ask them to join first").click()
    expect(luis.get_by_role("heading", name="A colleague asks you to join")).to_be_visible()
    # What a screen reader is told: the tree of accessibility has it as a status.
    told = luis.get_by_role("status").filter(has_text="A colleague asks you to join")
    expect(told).to_have_count(1)
    assert not findings(luis)
    luis.keyboard.press("a")
    expect(luis.locator("[data-messages]")).to_contain_text("Only in general words.")
    expect(visitor.locator("[data-messages]")).to_contain_text("Luis has joined.")
    say(luis, "Hello, Luis here.")
    expect(visitor.locator("[data-messages]")).to_contain_text("Hello, Luis here.")
    dana.get_by_role("button", name="Hand over to Luis").click()
    expect(visitor.locator("[data-messages]")).to_contain_text("Luis goes on with you.")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Luis")

    # The page comes anew with all that its new owner may do.
    expect(luis.get_by_role("button", name="End contact", exact=True)).to_be_visible()
    luis.wait_for_load_state()
    luis.keyboard.press("f")
    luis.keyboard.type("rash")
    luis.keyboard.press("Enter")
    found = luis.locator("[data-found]")
    found.get_by_role("button", name="Send with its source").first.click()
    expect(visitor.locator(".message__sources:visible")).to_contain_text("reviewed")
    expect(found.get_by_role("button", name="Send its address").first).to_be_visible()
    assert not findings(luis)
    shown = visitor.content()
    assert "explain scans" not in shown
    assert "general words" not in shown
    luis.get_by_role("button", name="Save and end contact").click()
    susan.get_by_role("button", name="Take a break").click()
