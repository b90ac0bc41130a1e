"""Two tabs, a double click, and a line that dies without a word."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from e2e.conftest import Visit
from e2e.servers import Server
from e2e.test_conversation import accept, say, start_chat, take_contacts, texts

pytestmark = pytest.mark.browser


class Tunnel:
    """Stands between browser and server; can swallow all that its open connections carry."""

    def __init__(self, server: Server) -> None:
        self._to = (urlsplit(server.url).hostname, urlsplit(server.url).port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._dead = threading.Event()
        self._open: list[socket.socket] = []
        port = self._listening.getsockname()[1]
        self.server = replace(server, url=f"http://127.0.0.1:{port}")
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow(self) -> None:
        """From now on nothing arrives on the connections that are open; new ones work."""
        self._dead.set()
        self._dead = threading.Event()

    def close(self) -> None:
        """End everything."""
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listening.accept()
                far = socket.create_connection(self._to)
                self._open += [near, far]
                for source, target in ((near, far), (far, near)):
                    arguments = (source, target, self._dead)
                    threading.Thread(target=_carry, args=arguments, daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, dead: threading.Event) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            if not dead.is_set():
                target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def tunnel(open_server: Server) -> Iterator[Tunnel]:
    between = Tunnel(open_server)
    yield between
    between.close()


def test_two_tabs_and_a_dead_line_show_each_message_once(
    open_server: Server, tunnel: Tunnel, visit: Visit
) -> None:
    desk = visit(open_server, "/staff/sign-in/")
    take_contacts(desk, open_server)
    visitor = visit(tunnel.server)
    visitor.context.clock.install()
    start_chat(visitor, "Hello from the first tab.")
    visitor.wait_for_load_state("load")
    other = visitor.context.new_page()
    other.goto(visitor.url)
    visitor.locator(".composer textarea").fill("Said once, clicked twice.")
    visitor.locator(".composer").get_by_role("button", name="Send").dblclick()
    expect(other.locator(".message--mine").last).to_contain_text("clicked twice")
    say(other, "And this from the second.")
    expect(visitor.locator(".message--mine").last).to_contain_text("from the second")
    accept(desk, "from the first tab")
    expect(visitor.locator("[data-specialist]")).to_have_count(1)

    tunnel.swallow()
    say(desk, "Are you still there?")
    # A browser never notices by itself; our page does, by the beats that don't come.
    visitor.context.clock.fast_forward("01:00")
    expected = [
        "Hello from the first tab.",
        "Said once, clicked twice.",
        "And this from the second.",
        "Are you still there?",
    ]
    for page in (visitor, other):
        expect(page.locator(".message--theirs:visible").last).to_contain_text("still there")
        assert texts(page) == expected
    desk.get_by_role("button", name="Save and end contact").click()
