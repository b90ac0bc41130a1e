"""The desk by keyboard, live, and with colleagues who are quicker."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Visit, sign_in
from e2e.servers import Server
from e2e.test_conversation import accept, say, start_chat, take_contacts

pytestmark = pytest.mark.browser


def at_desk(server: Server, visit: Visit, name: str) -> Page:
    """Give the browser of a specialist who takes contacts."""
    page = visit(server, "/staff/sign-in/")
    take_contacts(page, server, name)
    return page


def focused(page: Page) -> str:
    """Return the name or the text of what has the focus."""
    here = "document.activeElement"
    return str(page.evaluate(f"{here}.name || {here}.textContent.trim()"))


def test_a_conversation_from_accept_to_wrap_up_by_keyboard_alone(
    open_server: Server, visit: Visit
) -> None:
    visitor = visit(open_server, narrow=True)
    desk = at_desk(open_server, visit, "dana")
    words = "Is a rash common with the keyboard?"
    start_chat(visitor, words)
    item = desk.locator("[data-item]", has_text="with the keyboard")
    expect(item).to_be_visible()  # Without a reload: the queue is live.

    while not item.evaluate("link => link === document.activeElement"):
        desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Waiting contact")).to_be_visible()
    desk.keyboard.press("a")
    expect(desk.locator("[data-messages]")).to_contain_text(words)

    desk.keyboard.press("r")
    desk.keyboard.type("Hello, a quick brown jab? Yes.")  # Keys don't act while typing.
    desk.keyboard.press("Control+Enter")
    expect(visitor.locator("[data-messages]")).to_contain_text("a quick brown jab? Yes.")
    assert focused(desk) == "text"
    desk.keyboard.press("Escape")
    desk.keyboard.press("s")
    assert focused(desk) == "Send with its source"
    desk.keyboard.press("Enter")
    expect(visitor.locator(".message__sources:visible")).to_contain_text(
        re.compile("reviewed", re.IGNORECASE)
    )

    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_be_hidden()
    desk.keyboard.press("e")
    desk.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("ended")
    expect(desk.get_by_role("button", name="End contact")).to_have_count(0)
    desk.wait_for_load_state()  # The page that follows listens to keys once it has loaded.
    desk.keyboard.press("w")
    expect(desk.get_by_label("Who was it?")).to_be_focused()


def test_of_two_who_accept_one_wins_and_the_other_is_told_kindly(
    open_server: Server, visit: Visit
) -> None:
    visitor = visit(open_server, narrow=True)
    start_chat(visitor, "Who will be first?")
    quick, late = (at_desk(open_server, visit, name) for name in ("dana", "luis"))
    late.locator("[data-item]", has_text="Who will be first").click()
    accept(quick, "Who will be first")

    late.locator("[data-accept-open]").click()

    expect(late.get_by_role("status").first).to_contain_text("Dana has just taken this contact.")
    expect(late.locator(".queue__item", has_text="Who will be first")).to_have_count(0)
    quick.get_by_role("button", name="Save and end contact").click()


def test_what_is_written_survives_a_cut_line_and_an_end(open_server: Server, visit: Visit) -> None:
    desk = at_desk(open_server, visit, "dana")
    visitor = visit(open_server, narrow=True)
    start_chat(visitor, "Are you in a tunnel?")
    accept(desk, "in a tunnel")
    desk.context.set_offline(True)
    say(desk, "Nearly out of it.")
    expect(desk.get_by_role("alert")).to_contain_text("Not sent.")
    expect(desk.locator("#id_text")).to_have_value("Nearly out of it.")
    desk.context.set_offline(False)
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(visitor.locator(".message--theirs:visible").last).to_contain_text("Nearly out of it.")
    expect(desk.locator(".message--mine", has_text="Nearly out of it.")).to_have_count(1)

    desk.locator("#id_text").fill("Half a sent")
    visitor.get_by_role("button", name="End the chat").click()
    expect(desk.get_by_role("alert")).to_contain_text("The contact has ended.")
    expect(desk.locator("#id_text")).to_have_value("Half a sent")
    desk.get_by_role("button", name="Save the record").click()


def test_single_keys_stay_off_for_who_turned_them_off(open_server: Server, visit: Visit) -> None:
    desk = visit(open_server, "/staff/sign-in/")
    sign_in(desk, open_server, "susan")
    desk.goto("/desk/keys/")
    desk.get_by_role("button", name="Turn single keys off").click()
    desk.goto("/desk/")
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_be_hidden()
    desk.get_by_role("link", name="Keys").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.goto("/desk/keys/")
    desk.get_by_role("button", name="Turn single keys on").click()
