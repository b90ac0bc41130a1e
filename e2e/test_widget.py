"""Another site embeds the helpline: a real page on another origin, others' cookies blocked."""

import io
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, FrameLocator, Page, Playwright, expect

from e2e.conftest import CHROMIUM, NARROW, QUIET, WIDE, Visit
from e2e.servers import ALWAYS, Prepared, Server, free_port, running
from e2e.test_accessibility import findings
from e2e.test_conversation import accept, say, take_contacts

pytestmark = pytest.mark.browser
# The strictest policy that a site may have and still show us.
POLICY = "default-src 'none'; script-src {ours}; frame-src {ours}; style-src 'self'"
HOST_PAGE = """<!doctype html><html lang="en"><head><title>A clinic</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>A clinic</h1><p><button>Before</button></p></main>
<script src="{ours}/widget.js" async></script></body></html>"""


class _HostSite(BaseHTTPRequestHandler):
    def __init__(self, *arguments: object, ours: str) -> None:
        self.ours = ours
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY.format(ours=self.ours))
        self.end_headers()
        self.wfile.write(HOST_PAGE.format(ours=self.ours).encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, str]]:
    """Give a helpline and the address of a site on its list: another site by name, not by port."""
    port = free_port()
    listed = f"http://localhost:{port}"
    folder = tmp_path_factory.mktemp("widget")
    settings = {"CHAT_HOURS": ALWAYS, "OFFER_SECONDS": "3600", "WIDGET_ORIGINS": listed}
    settings["ATTACHMENTS"] = "images"
    with running(prepared, folder, **settings) as server:
        host = ThreadingHTTPServer(("127.0.0.1", port), partial(_HostSite, ours=server.url))
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield server, listed
        host.shutdown()


@pytest.fixture
def blocking(_playwright: Playwright) -> Iterator[Browser]:
    """Give a browser that blocks the cookies of third parties."""
    program = next(path for path in CHROMIUM if path and Path(path).exists())
    browser = _playwright.chromium.launch(
        executable_path=program, args=[*QUIET, "--test-third-party-cookie-phaseout"]
    )
    yield browser
    browser.close()


def picture() -> FilePayload:
    """Return a picture as a phone would send it."""
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "PNG")
    return {"name": "x.png", "mimeType": "image/png", "buffer": written.getvalue()}


def host_page(browser: Browser, address: str, *, narrow: bool = False) -> Page:
    """Open a page of the other site."""
    size = NARROW if narrow else WIDE
    page = browser.new_context(viewport=size, locale="en-US").new_page()  # type: ignore[arg-type]
    page.goto(address)
    return page


def opened(page: Page) -> FrameLocator:
    """Press the button, and return the frame that opens."""
    page.get_by_role("button", name="Talk to a specialist").click()
    return page.frame_locator("dialog iframe")


def test_a_site_that_is_not_listed_shows_a_plain_link(
    site: tuple[Server, str], browser: Browser
) -> None:
    server, listed = site
    # The same page under a name that isn't on the list.
    stranger = listed.replace("localhost", "127.0.0.1")
    page = browser.new_page()
    with page.expect_event("requestfailed", lambda request: "hello" in request.url):
        page.goto(stranger)
    link = page.get_by_role("link", name="Talk to a specialist")
    expect(link).to_have_attribute("href", f"{server.url}/en/talk/")
    link.click()
    page.wait_for_url(f"{server.url}/en/talk/")


def test_asking_chatting_and_leaving_in_a_frame_with_cookies_blocked(
    site: tuple[Server, str], blocking: Browser, visit: Visit
) -> None:
    server, listed = site
    specialist = visit(server, "/staff/sign-in/")
    take_contacts(specialist, server)
    page = host_page(blocking, listed)
    frame = opened(page)
    expect(frame.get_by_role("heading", level=1)).to_be_focused()
    frame.get_by_label("Ask in your own words").fill("How do checkpoint inhibitors work?")
    frame.get_by_role("button", name="Ask").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("What our reviewed information says")

    frame.get_by_role("link", name="Chat now").first.click()
    frame.locator("#id_text").fill("Hello from another site")
    frame.get_by_role("button", name="Start the chat").click()
    expect(frame.locator("[data-messages]")).to_contain_text("Hello from another site")
    accept(specialist, "Hello from another site")
    specialist.locator(".composer textarea").press_sequentially("I")
    expect(frame.locator("[data-typing]")).to_contain_text("is typing")
    say(specialist, "I am here.")
    expect(frame.locator("[data-messages]")).to_contain_text("I am here.")
    frame.locator(".composer textarea").press_sequentially("Th")
    expect(specialist.locator("[data-typing-news]")).to_be_visible()
    frame.locator(".composer textarea").fill("Thank you.")
    frame.locator(".composer").get_by_role("button", name="Send").click()
    expect(specialist.locator("[data-messages]")).to_contain_text("Thank you.")
    # Only who has the page in front of them reads: this one has, at the latest now.
    specialist.bring_to_front()
    expect(frame.locator(".message--mine").last).to_contain_text("read by the specialist")
    page.bring_to_front()
    frame.locator(".composer textarea").focus()
    expect(specialist.locator(".message--mine").last).to_contain_text("Read by the visitor")

    frame.get_by_text("Send a picture").click()
    frame.locator("#id_file").set_input_files(picture())
    frame.get_by_role("button", name="Send the file").click()
    expect(frame.locator(".message__picture")).to_be_visible()
    expect(specialist.locator(".message__picture")).to_be_visible()

    # Told while it is closed, and there again after a reload of the page around.
    page.get_by_role("button", name="Close").click()
    say(specialist, "Are you there?")
    expect(page.get_by_role("button", name="A new message for you")).to_be_visible()
    page.reload()
    frame = opened(page)
    frame.get_by_role("link", name="Go on with it").click()
    expect(frame.locator("[data-messages]")).to_contain_text("Are you there?")

    cookies = page.context.cookies()
    assert urlsplit(listed).hostname not in [cookie["domain"] for cookie in cookies]
    assert page.evaluate("document.cookie + localStorage.length + sessionStorage.length") == "00"
    page.route("https://www.google.com/**", lambda route: route.fulfill(body="elsewhere"))
    frame.get_by_role("link", name=re.compile("Leave")).click()
    page.wait_for_url("https://www.google.com/")
    expect(specialist.locator("main")).to_contain_text("The visitor left")


def test_by_keyboard_on_a_small_screen_it_is_a_sheet_that_escape_closes(
    site: tuple[Server, str], browser: Browser
) -> None:
    _server, listed = site
    page = host_page(browser, listed, narrow=True)
    opener = page.get_by_role("button", name="Talk to a specialist")
    expect(opener).to_be_visible()
    box = opener.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    frame = page.frame_locator("dialog iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_focused()
    panel = page.get_by_role("dialog").bounding_box()
    assert panel == {"x": 0, "y": 0, "width": 360, "height": 740}
    wide = "document.documentElement.scrollWidth"
    assert frame.locator("html").evaluate(f"() => {wide}") <= 360
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_danger_in_a_question_is_answered_first_in_the_frame_too(
    site: tuple[Server, str], browser: Browser
) -> None:
    _server, listed = site
    page = host_page(browser, listed, narrow=True)
    frame = opened(page)
    frame.get_by_label("Ask in your own words").fill("my chest feels tight and I can't breathe")
    frame.get_by_role("button", name="Ask").click()
    card = frame.locator("[data-care-card=emergency]")
    expect(card).to_be_in_viewport()
    expect(card.get_by_role("link", name="911").first).to_be_in_viewport()


def test_the_pages_in_the_frame_have_no_finding(site: tuple[Server, str], visit: Visit) -> None:
    server, _listed = site
    for path in ("", "chat/", "callback/"):
        assert not findings(visit(server, f"/en/widget/{path}", narrow=True))
