""" "Close now" counts everywhere within a second: two web processes, pages that are kept ready."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from e2e.conftest import Visit, sign_in
from e2e.servers import REPOSITORY, Server, free_port, wait_for
from e2e.test_conversation import start_chat, take_contacts

pytestmark = pytest.mark.browser
SAYS_OPEN = {"/en/side-effects/": "Chat is open", "/en/": "Chat now", "/en/chat/": "Start the chat"}
LONGEST_SECONDS = 15.0


@pytest.fixture
def second_process(open_server: Server) -> Iterator[str]:
    """Give the address of another web process of the same service."""
    port = free_port()
    environment = {**open_server.environment, "CARELINE_PORT": str(port)}
    with (open_server.state / "second.log").open("wb") as log:
        command = [sys.executable, "-m", "careline", "run"]
        process = subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}", process, open_server.state / "second.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def shown(address: str) -> str:
    """Return a page as anybody gets it."""
    with urllib.request.urlopen(address, timeout=20) as response:
        return str(response.read().decode())


def last_open(address: str, sign: str, closed_at: float) -> float:
    """Return how long after the closing the last page was asked for that still said open."""
    asked, latest = time.monotonic(), 0.0
    while sign in shown(address):
        latest = asked - closed_at
        assert latest < LONGEST_SECONDS
        asked = time.monotonic()
    return latest


def test_no_page_of_any_process_says_open_a_second_later(
    open_server: Server, second_process: str, visit: Visit
) -> None:
    specialist = visit(open_server, "/staff/sign-in/")
    take_contacts(specialist, open_server)
    supervisor = visit(open_server, "/staff/sign-in/")
    sign_in(supervisor, open_server, "susan")
    visitor = visit(open_server, narrow=True)
    start_chat(visitor, "I wait while it closes")
    writing = visit(open_server, "/en/chat/", narrow=True)
    writing.locator("#id_text").fill("Half a thought")
    pages = [(base, path) for base in (open_server.url, second_process) for path in SAYS_OPEN]
    assert all(SAYS_OPEN[path] in shown(base + path) for base, path in pages)
    supervisor.goto("/desk/wallboard/")
    button = supervisor.get_by_role("button", name="Close chat now")
    # The page that follows is there after the closing was stored: what came before isn't counted.
    with supervisor.expect_response("**/desk/hours/close/") as stored:
        button.click()
    assert stored.value.status == 302
    closed_at = time.monotonic()
    late = {base + path: last_open(base + path, SAYS_OPEN[path], closed_at) for base, path in pages}
    print("Seconds after the closing at which a page that says open was last asked for:", late)
    assert max(late.values()) < 1.0, late

    expect(visitor.locator(".waiting")).to_contain_text("Chat had to close early")
    expect(visitor.locator("[data-messages]")).to_contain_text("I wait while it closes")
    writing.get_by_role("button", name="Start the chat").click()
    expect(writing.get_by_role("heading", level=1)).to_contain_text("Chat has just closed")
    writing.get_by_role("button", name="Send a message").click()
    expect(writing.locator("#id_text")).to_have_value("Half a thought")

    supervisor.get_by_role("button", name="Open again").click()
    expect(supervisor.get_by_role("button", name="Close chat now")).to_be_visible()
    expect(visitor.locator("[data-messages]")).to_contain_text("Chat is open again")
    visitor.get_by_role("button", name="End the chat").click()
