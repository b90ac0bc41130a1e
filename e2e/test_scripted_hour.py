"""An hour at a helpline in a minute: two specialists, a supervisor and four visitors.

Seven browsers of their own on one service. Staff work by keyboard alone, from their first key on
the desk to the last record. On the way axe looks at each screen; at the end everything that
anybody said stands in the logs once and in order, and nobody was lost.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Visit, sign_in
from e2e.servers import ALWAYS, Prepared, Server, running
from e2e.test_accessibility import findings
from e2e.test_conversation import say, start_chat

pytestmark = pytest.mark.browser
# Offers that are meant to be taken are taken at once: axe looks when nobody is being asked.
OFFER_SECONDS = 15
MOST_TABS = 120
DANGER = "my chest feels tight and I can't breathe"
# Of each contact, by its first words: what was said in it, how it stands, and why it ended.
_LOGS = """
import json
from careline.contacts import log
from careline.contacts.models import Contact
said = {}
for contact in Contact.objects.order_by("opened_at"):
    events = log.after(contact.pk)
    assert [event.seq for event in events] == list(range(1, contact.last_seq + 1))
    texts = [event.body["text"] for event in events if event.kind in
             ("visitor_message", "specialist_message")]
    said[texts[0]] = {"texts": texts[1:], "kinds": [event.kind for event in events],
                      "status": contact.status, "reason": contact.end_reason,
                      "record": contact.wrapped_up_at is not None}
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def helpline(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a service of this test's own, with offers that lapse soon."""
    folder = tmp_path_factory.mktemp("hour")
    with running(prepared, folder, CHAT_HOURS=ALWAYS, OFFER_SECONDS=str(OFFER_SECONDS)) as server:
        yield server


class Desk:
    """A member of staff at their desk: whatever they do, they do by keys."""

    def __init__(self, visit: Visit, server: Server, name: str) -> None:
        self.page: Page = visit(server, "/staff/sign-in/")
        sign_in(self.page, server, name)

    def press(self, *keys: str) -> None:
        """Press keys once the page listens to them."""
        for key in keys:
            self.page.wait_for_load_state()
            self.page.keyboard.press(key)

    def go_to(self, words: str) -> None:
        """Go to what bears these words, by Tab."""
        self.page.wait_for_load_state()
        for _press in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if words in self.focused():
                return
        raise AssertionError(f"Tab never comes to {words}.")

    def focused(self) -> str:
        """Return what has the focus, in words."""
        here = "document.activeElement"
        return str(self.page.evaluate(f"({here}.textContent || {here}.value || '').trim()"))

    def go_home(self) -> None:
        """Go to the desk's own page, by the first link of the navigation."""
        self.press("Escape")
        self.go_to_link("Desk")

    def go_to_link(self, name: str) -> None:
        """Follow a link of the navigation."""
        self.page.evaluate("document.activeElement.blur()")
        self.page.keyboard.press("Tab")  # The skip link: the page begins here.
        self.go_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def takes(self, words: str) -> None:
        """Accept what is offered or waits first; it is the contact with these words."""
        with self.page.expect_navigation():
            self.press("a")
        expect(self.page.locator("[data-messages]")).to_contain_text(words)

    def opens(self, words: str) -> None:
        """Go through the lists to a contact and open it."""
        item = self.page.locator("[data-item]", has_text=words)
        expect(item).to_be_visible()
        self.page.wait_for_load_state()
        for _press in range(MOST_TABS):
            if item.evaluate("link => link === document.activeElement"):
                break
            self.page.keyboard.press("j")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def says(self, words: str) -> None:
        """Write to the visitor and send."""
        self.press("r")
        self.page.keyboard.type(words)
        self.press("Control+Enter")
        expect(self.page.locator(".message--mine", has_text=words)).to_be_visible()
        self.press("Escape")

    def switches(self, shown: str) -> None:
        """Begin or end a break."""
        with self.page.expect_navigation():
            self.press("b")
        expect(self.page.locator(".desk-head .tag")).to_contain_text(shown)

    def records(self, who: str, then: str) -> None:
        """Fill in who it was, and save."""
        self.press("w")
        self.page.keyboard.type(who)
        self.go_to(then)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    @property
    def offer(self) -> Locator:
        """What is offered to them."""
        return self.page.locator(".offer")


def number(board: Page, name: str) -> Locator:
    """Return one of the wallboard's big numbers."""
    return board.locator(".number", has_text=name).locator(".number__value")


def test_an_hour_at_the_helpline(helpline: Server, visit: Visit) -> None:
    found: list[str] = []

    # Everybody comes to work.
    dana, luis = (Desk(visit, helpline, name) for name in ("dana", "luis"))
    susan = Desk(visit, helpline, "susan")
    for specialist in (dana, luis):
        specialist.switches("Taking contacts")
    susan.go_to_link("Wallboard")
    ana, ben, cleo, dov = (visit(helpline, narrow=True) for _visitor in range(4))

    # Ana's chat is offered to Dana, who has stepped away from her screen. Ben is in danger.
    start_chat(ana, "Ana asks who can call")
    expect(dana.offer).to_contain_text("Ana asks")
    start_chat(ben, DANGER)
    expect(ben.locator("[data-care-card=emergency]")).to_be_visible()
    expect(number(susan.page, "In danger")).to_have_text("1")
    expect(luis.offer).to_contain_text("can't breathe")
    luis.takes(DANGER)
    luis.says("Please call 911 now. I stay with you.")
    expect(ben.locator("[data-messages]")).to_contain_text("I stay with you.")
    say(ben, "I am calling them")
    expect(luis.page.locator("[data-messages]")).to_contain_text("I am calling them")

    # The offer lapses and goes to Luis, who gives Ana to Dana when she is back.
    expect(luis.offer).to_contain_text("Ana asks", timeout=4 * OFFER_SECONDS * 1_000)
    luis.takes("Ana asks who can call")
    found += findings(ben) + findings(luis.page)
    luis.says("Hello Ana, Dana knows more about this.")
    luis.press("t")
    luis.page.keyboard.type("Dana")
    luis.go_to("Transfer now")
    with luis.page.expect_navigation():
        luis.page.keyboard.press("Enter")
    expect(dana.offer).to_contain_text("Ana asks")
    dana.takes("Dana knows more about this.")
    dana.says("Here I am, Ana.")
    say(ana, "Thank you both")
    expect(dana.page.locator("[data-messages]")).to_contain_text("Thank you both")
    found += findings(ana) + findings(dana.page)

    # Luis has a break. Cleo waits, Dov writes; then Susan has to close.
    luis.switches("On a break")
    start_chat(cleo, "Cleo asks about programs")
    dov.goto("/en/chat/")
    dov.locator("#id_text").fill("Dov asks about his sister")
    expect(number(susan.page, "Waiting in chat")).to_have_text("1")
    susan.go_to("Close chat now")
    with susan.page.expect_navigation():
        susan.page.keyboard.press("Enter")
    expect(cleo.locator(".waiting")).to_contain_text("Chat had to close early")
    expect(cleo.locator(".help-bar")).to_contain_text("Chat is closed for now")
    found += findings(cleo) + findings(susan.page)
    dov.get_by_role("button", name="Start the chat").click()
    expect(dov.get_by_role("heading", level=1)).to_contain_text("Chat has just closed")
    found += findings(dov)
    dov.get_by_role("button", name="Call me back").click()
    expect(dov.locator("#id_text")).to_have_value("Dov asks about his sister")
    dov.locator("#id_phone").fill("312 555 0142")
    dov.locator("#id_window input").first.check()
    dov.get_by_role("button", name="Ask for a call").click()
    expect(dov.get_by_role("heading", level=1)).to_contain_text("We will call you")

    # Conversations go on, and who was in line is served.
    say(ana, "That was all")
    expect(dana.page.locator("[data-messages]")).to_contain_text("That was all")
    dana.takes("Cleo asks about programs")
    dana.says("We are closing, Cleo, but I am here.")
    susan.go_to("Open again")
    with susan.page.expect_navigation():
        susan.page.keyboard.press("Enter")
    expect(susan.page.get_by_role("button", name="Close chat now")).to_be_visible()

    # The conversations end, each in its own way, and each gets its record.
    dana.records("Person", "Save and end contact")
    expect(cleo.get_by_role("heading", level=1)).to_contain_text("ended")
    found += findings(cleo)
    ana.get_by_role("button", name="End the chat").click()
    dana.go_home()
    dana.opens("Ana asks")
    dana.records("Family", "Save the record")
    luis.switches("Taking contacts")
    luis.opens("can't breathe")
    luis.press("e")
    with luis.page.expect_navigation():
        luis.press("Enter")
    luis.records("Person", "Save the record")

    # Dov is called, and not reached yet: somebody tries again.
    luis.go_home()
    luis.takes("Dov asks about his sister")
    luis.press("c")
    luis.page.keyboard.type("No answer")
    luis.go_to("Note the attempt")
    with luis.page.expect_navigation():
        luis.page.keyboard.press("Enter")
    expect(luis.page.locator("[data-messages]")).to_contain_text("No answer")
    found += findings(luis.page)
    expect(number(susan.page, "Waiting in chat")).to_have_text("0")
    susan.go_to_link("Reports")
    expect(susan.page.locator("table.data")).to_contain_text("Chat")
    found += findings(susan.page)
    assert not found

    logs = json.loads(helpline.careline("shell", "-v", "0", "-c", _LOGS).splitlines()[-1])
    assert {words: log["texts"] for words, log in logs.items()} == {
        "Ana asks who can call": [
            "Hello Ana, Dana knows more about this.",
            "Here I am, Ana.",
            "Thank you both",
            "That was all",
        ],
        DANGER: ["Please call 911 now. I stay with you.", "I am calling them"],
        "Cleo asks about programs": ["We are closing, Cleo, but I am here."],
        "Dov asks about his sister": [],
    }
    ended = {words: (log["status"], log["reason"], log["record"]) for words, log in logs.items()}
    assert ended == {
        "Ana asks who can call": ("ended", "finished", True),
        DANGER: ("ended", "finished", True),
        "Cleo asks about programs": ("ended", "finished", True),
        "Dov asks about his sister": ("assigned", "", False),
    }
    assert "offer_lapsed" in logs["Ana asks who can call"]["kinds"]
    assert "released" in logs["Ana asks who can call"]["kinds"]
    assert "closed_early" in logs["Cleo asks about programs"]["kinds"]
