"""A page is read aloud only by a voice that lives on the device."""

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Visit
from e2e.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.screens]
# A browser for tests has no voice. This one says at once what it is given.
VOICE = """
window.said = [];
class Utterance { constructor(text) { this.text = text; } }
const synthesis = new EventTarget();
synthesis.getVoices = () => [{ lang: "en-US", localService: LOCAL }];
synthesis.cancel = () => {};
synthesis.speak = (each) => {
  window.said.push(each.text);
  each.onstart();
  if (window.said.length < 3) setTimeout(() => each.onend(), 1);
};
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
Object.defineProperty(window, "SpeechSynthesisUtterance", { value: Utterance });
"""


def with_voice(page: Page, *, local: bool) -> Page:
    """Open the page on side effects in a browser with one English voice."""
    page.add_init_script(VOICE.replace("LOCAL", "true" if local else "false"))
    page.goto("/en/side-effects/")
    return page


def test_without_a_voice_of_the_device_nothing_is_offered(
    closed_server: Server, visit: Visit
) -> None:
    page = visit(closed_server, "/en/side-effects/")
    expect(page.get_by_role("button", name="Read aloud")).to_be_hidden()

    with_voice(page, local=False)

    expect(page.get_by_role("button", name="Read aloud")).to_be_hidden()


def test_it_reads_sentence_by_sentence_and_stops(closed_server: Server, visit: Visit) -> None:
    page = with_voice(visit(closed_server), local=True)

    page.get_by_role("button", name="Read aloud").click()

    expect(page.locator(".being-read")).to_have_count(1)
    said = page.evaluate("window.said")
    assert said[0] == "Side effects"
    page.get_by_role("button", name="Stop reading").click()
    expect(page.locator(".being-read")).to_have_count(0)
    expect(page.get_by_role("button", name="Read aloud")).to_be_focused()
