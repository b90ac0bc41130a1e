"""A visitor and a specialist talk, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Visit, sign_in
from e2e.servers import Server

pytestmark = pytest.mark.browser


def start_chat(page: Page, words: str) -> None:
    """Open a chat with these first words."""
    page.goto("/en/chat/")
    page.locator("#id_text").fill(words)
    page.get_by_role("button", name="Start the chat").click()
    expect(page.locator("[data-messages]")).to_contain_text(words)


def take_contacts(page: Page, server: Server, name: str = "dana") -> None:
    """Sign a specialist in and say that they take contacts."""
    sign_in(page, server, name)
    page.wait_for_url("**/desk/")
    button = page.get_by_role("button", name="Take contacts")
    if button.count():
        button.click()
    expect(page.get_by_text("Taking contacts", exact=True)).to_be_visible()


def accept(page: Page, words: str) -> None:
    """Accept the waiting contact whose first words these are."""
    page.goto("/desk/")
    item = page.locator(".queue__item", has_text=words)
    item.get_by_role("button", name="Accept").click()
    expect(page.locator("[data-messages]")).to_contain_text(words)


def say(page: Page, words: str) -> None:
    """Write into the composer and send."""
    page.locator(".composer textarea").fill(words)
    page.locator(".composer").get_by_role("button", name="Send").click()


def texts(page: Page) -> list[str]:
    """Return what people said, in the order shown."""
    return [text.strip() for text in page.locator(".message__text").all_inner_texts()]


def test_two_browsers_converse_and_a_reload_loses_nothing(
    open_server: Server, visit: Visit
) -> None:
    specialist = visit(open_server, "/staff/sign-in/")
    take_contacts(specialist, open_server)
    visitor = visit(open_server, narrow=True)
    start_chat(visitor, "Hello, what is a checkpoint?")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("in line")

    accept(specialist, "what is a checkpoint")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("You are talking with")
    say(specialist, "Hello, I am here.")
    expect(visitor.locator("[data-messages]")).to_contain_text("Hello, I am here.")
    say(visitor, "Thank you. One more thing.")
    expect(visitor.locator(".message--mine").last).to_contain_text("Sent")
    expect(specialist.locator("[data-messages]")).to_contain_text("One more thing.")

    before = texts(visitor)
    visitor.reload()
    specialist.reload()
    assert texts(visitor) == before
    assert texts(specialist) == before

    suggestion = specialist.locator(".suggestion").first
    expect(suggestion).to_be_visible()
    suggestion.get_by_role("button", name=re.compile("Send with its source")).click()
    expect(visitor.locator(".message__sources:visible")).to_contain_text(
        re.compile("reviewed .* by")
    )

    specialist.get_by_role("button", name="Save and end contact").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("ended")


def test_the_same_conversation_without_javascript(open_server: Server, visit: Visit) -> None:
    specialist = visit(open_server, "/staff/sign-in/", javascript=False)
    take_contacts(specialist, open_server, "luis")
    visitor = visit(open_server, javascript=False, narrow=True)
    start_chat(visitor, "No script here, can you help?")

    accept(specialist, "No script here")
    say(specialist, "Yes, gladly.")
    expect(specialist.locator("[data-messages]")).to_contain_text("Yes, gladly.")
    visitor.goto("/en/chat/now/")
    expect(visitor.locator("[data-messages]")).to_contain_text("Yes, gladly.")
    say(visitor, "That is kind.")
    expect(visitor.locator("[data-messages]")).to_contain_text("That is kind.")
    expect(visitor.locator(".message--mine").last).to_contain_text("Sent")
    specialist.reload()

    assert texts(specialist) == ["No script here, can you help?", "Yes, gladly.", "That is kind."]
    assert texts(visitor) == texts(specialist)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_red_flag_in_chat_shows_the_emergency_card_first(
    open_server: Server, visit: Visit, javascript: bool
) -> None:
    specialist = visit(open_server, "/staff/sign-in/")
    take_contacts(specialist, open_server)
    visitor = visit(open_server, javascript=javascript, narrow=True)
    words = f"Hello from a phone ({'with' if javascript else 'no'} script)"
    start_chat(visitor, words)

    say(visitor, "my chest feels tight and I can't breathe")

    card = visitor.locator("[data-care-card=emergency]")
    expect(card).to_be_visible()
    expect(card.get_by_role("link", name="911").first).to_be_visible()
    first = visitor.locator(".message").first.bounding_box()
    place = card.bounding_box()
    assert first is not None
    assert place is not None
    assert place["y"] < first["y"]
    visitor.reload()
    expect(card).to_be_visible()

    specialist.goto("/desk/")
    top = specialist.locator(".queue__item", has_text=words)
    expect(top).to_contain_text("Emergency")
    accept(specialist, words)
    expect(specialist.get_by_role("heading", name="Red flags")).to_be_visible()
    specialist.get_by_role("button", name="Save and end contact").click()


def test_a_message_cut_off_by_the_network_is_kept_and_sent_once(
    open_server: Server, visit: Visit
) -> None:
    visitor = visit(open_server)
    start_chat(visitor, "Before the tunnel.")
    visitor.wait_for_load_state("load")

    visitor.context.set_offline(True)
    say(visitor, "Said in the tunnel.")
    expect(visitor.locator(".message--mine").last).to_contain_text("Sending")
    expect(visitor.locator("[data-connection]")).to_contain_text("interrupted")
    visitor.context.set_offline(False)

    # It goes by itself once there is a network again.
    expect(visitor.locator(".message--mine").last).to_contain_text("Sent", timeout=20_000)
    visitor.reload()
    assert texts(visitor) == ["Before the tunnel.", "Said in the tunnel."]
    visitor.get_by_role("button", name="End the chat").click()


def test_with_chat_closed_a_callback_reaches_the_desk(closed_server: Server, visit: Visit) -> None:
    visitor = visit(closed_server, "/en/chat/", narrow=True)
    expect(visitor.locator("main")).to_contain_text(re.compile("opens", re.IGNORECASE))

    visitor.goto("/en/callback/")
    visitor.locator("#id_phone").fill("12")
    visitor.locator("#id_text").fill("Please ask for Rosa.")
    visitor.get_by_role("button", name="Ask for a call").click()
    expect(visitor.get_by_role("alert")).to_contain_text("There is a problem")
    expect(visitor.locator("#id_text")).to_have_value("Please ask for Rosa.")
    visitor.locator("#id_phone").fill("312 555 0142")
    visitor.locator("input[name=window]").first.check()
    visitor.get_by_role("button", name="Ask for a call").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("We will call you")

    specialist = visit(closed_server, "/staff/sign-in/")
    sign_in(specialist, closed_server, "dana")
    accept(specialist, "Please ask for Rosa.")
    expect(specialist.get_by_role("heading", name="How to reach them")).to_be_visible()
