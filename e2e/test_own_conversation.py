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
