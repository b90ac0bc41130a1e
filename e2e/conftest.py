"""Browsers and servers of the journeys. One server open for chat, one closed, per process."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import (
    Browser,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from e2e.servers import ALWAYS, Prepared, Server, prepare_once, running

CHROMIUM = (os.environ.get("CHROMIUM", ""), "/usr/bin/chromium", "/usr/bin/chromium-browser")
# Without these, Chromium talks to its maker's hosts at every start.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Two browsers, two servers and their workers share what may be two busy cores.
PATIENCE_MILLISECONDS = 20_000
CLOSING_SECONDS = 20.0
expect.set_options(timeout=PATIENCE_MILLISECONDS)
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Give what every server starts from; made once for all processes of this run."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    return prepare_once(shared / "prepared")


@pytest.fixture(scope="session")
def open_server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a site whose chat is open at any hour."""
    with running(
        prepared, tmp_path_factory.mktemp("open"), CHAT_HOURS=ALWAYS, OFFER_SECONDS="3600"
    ) as server:
        yield server


@pytest.fixture(scope="session")
def closed_server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a site whose chat opens one minute a week, so never during a test."""
    folder = tmp_path_factory.mktemp("closed")
    with running(prepared, folder, CHAT_HOURS="6=03:00-03:01") as server:
        yield server


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """Give Debian's Chromium, or the one that CHROMIUM names; a new one for each journey."""
    program = next(path for path in CHROMIUM if path and Path(path).exists())
    browser = _playwright.chromium.launch(executable_path=program, args=QUIET)
    yield browser
    # Now and then Chromium never answers that it should close, and the call waits for ever.
    patience = threading.Timer(CLOSING_SECONDS, _kill_browsers)
    patience.start()
    browser.close()
    patience.cancel()


def _kill_browsers() -> None:
    for process in psutil.Process().children(recursive=True):
        if process.name().startswith("chrom"):
            process.kill()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Give a function that opens a page in a context of its own.

    Each context fails its test when the browser asks another host for anything.
    """
    strangers: list[str] = []

    def open_page(
        server: Server, path: str = "/en/", *, javascript: bool = True, narrow: bool = False
    ) -> Page:
        context = browser.new_context(
            base_url=server.url,
            java_script_enabled=javascript,
            viewport=NARROW if narrow else WIDE,  # type: ignore[arg-type]
            locale="en-US",
            timezone_id="America/New_York",
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        own = urlsplit(server.url).netloc
        context.on(
            "request",
            lambda request: (
                strangers.append(request.url)
                if urlsplit(request.url).netloc not in (own, "")
                else None
            ),
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    assert not strangers, f"The browser asked third parties: {strangers}"


def sign_in(page: Page, server: Server, name: str) -> None:
    """Sign a member of the demonstration staff in."""
    page.goto("/staff/sign-in/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(server.passwords[name])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
