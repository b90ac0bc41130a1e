"""A visitor's own conversation: on a second device by its code, and deleted on every screen."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import Visit
from e2e.servers import Server
from e2e.test_accessibility import findings
from e2e.test_conversation import accept, say, start_chat, take_contacts

pytestmark = pytest.mark.browser
WORDS = "What does the infusion feel like?"


def test_a_code_opens_it_elsewhere_and_deleting_reaches_the_specialists_screen(
    open_server: Server, visit: Visit
) -> None:
    specialist = visit(open_server, "/staff/sign-in/")
    take_contacts(specialist, open_server)
    phone = visit(open_server, narrow=True)
    start_chat(phone, WORDS)
    accept(specialist, WORDS)
    say(specialist, "Most people feel nothing.")
    expect(phone.locator("[data-messages]")).to_contain_text("Most people feel nothing.")

    phone.get_by_role("link", name="Open this on another device").click()
    found = findings(phone)
    phone.get_by_role("button", name="Show me a code").click()
    found += findings(phone)
    code = phone.locator(".resume-code").inner_text()

    library = visit(open_server, "/en/talk/", javascript=False)
    library.get_by_role("link", name="Go on with your code").click()
    library.locator("#id_code").fill(code.lower())
    library.get_by_role("button", name="Open it").click()
    expect(library.locator(".messages")).to_contain_text("Most people feel nothing.")
    library.get_by_role("link", name="Open this on another device").click()
    with library.expect_download() as download:
        library.get_by_role("link", name="Save as a text file").click()
    assert WORDS in download.value.path().read_text()
    library.get_by_role("link", name="Delete it now").click()
    library.get_by_role("button", name="Yes, delete everything").click()
    expect(library.get_by_role("heading", level=1)).to_have_text("Everything is deleted")

    expect(specialist.locator("main")).to_contain_text("The visitor deleted this conversation.")
    expect(specialist.locator("main")).not_to_contain_text("Most people feel nothing.")
    phone.goto("/en/chat/now/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("We can't find")
    assert not found
    log = (open_server.state / "server.log").read_text()
    assert "contact.deleted" in log
    for private in (WORDS, "feel nothing", code, code.replace("-", "")):
        assert private not in log


def test_deleting_clears_the_screen_of_a_specialist_who_is_writing(
    open_server: Server, visit: Visit
) -> None:
    specialist = visit(open_server, "/staff/sign-in/")
    take_contacts(specialist, open_server)
    phone = visit(open_server, narrow=True)
    phone.goto("/en/chat/")
    phone.locator("#id_name").fill("Quendolina")
    phone.locator("#id_text").fill("Quittengelee makes me sick and I can't breathe")
    phone.get_by_role("button", name="Start the chat").click()
    accept(specialist, "Quittengelee")
    expect(specialist.locator("#talk-title")).to_have_text("Quendolina")
    expect(specialist.locator("[data-aside]")).to_contain_text("can't breathe")
    specialist.locator(".composer textarea").fill("I was just writing")

    phone.get_by_role("link", name="Open this on another device").click()
    phone.get_by_role("link", name="Delete it now").click()
    phone.get_by_role("button", name="Yes, delete everything").click()

    expect(specialist.locator("[data-composer-news]")).to_be_visible()
    expect(specialist.locator(".composer textarea")).to_have_value("I was just writing")
    expect(specialist.locator("#talk-title")).to_have_text("Visitor")
    expect(specialist.locator("[data-about]")).to_be_empty()
    for gone in ("Quendolina", "Quittengelee", "breathe"):
        expect(specialist.locator(".desk__talk")).not_to_contain_text(gone)
        # The list of contacts is looked at anew every few seconds.
        expect(specialist.locator("body")).not_to_contain_text(gone)
