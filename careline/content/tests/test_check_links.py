"""Sources' addresses are asked for at a server of the test's own: no network."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from careline.content.links import LinkState, check
from careline.content.models import Source

CODES = {"/gone": 404, "/busy": 503, "/private": 403, "/away": 410}
PLACES = {"/moved": "/here", "/round": "/round"}


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        if self.path == "/no-head":
            self._say(405)
        else:
            self.do_GET()

    def do_GET(self) -> None:
        if self.path in PLACES:
            self._say(302, PLACES[self.path])
        else:
            self._say(CODES.get(self.path, 200))

    def _say(self, code: int, location: str = "") -> None:
        self.send_response(code)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_parts: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/gone", LinkState.GONE),
        ("/away", LinkState.GONE),
        ("/private", LinkState.TURNED_AWAY),
        ("/busy", LinkState.UNREACHABLE),
        ("/round", LinkState.UNREACHABLE),
        ("/moved", LinkState.MOVED),
        ("/no-head", LinkState.OK),
        ("/here", LinkState.OK),
        ("/here#part", LinkState.OK),
    ],
)
def test_an_address_is_told_by_what_its_server_says(site: str, path: str, state: LinkState) -> None:
    assert check(site + path, seconds=5).state is state


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "file:///etc/passwd", "http://", "x"])
def test_what_cannot_be_asked_is_unreachable(url: str) -> None:
    assert check(url, seconds=2).state is LinkState.UNREACHABLE


def source(key: str, url: str) -> None:
    Source.objects.create(key=key, title=key, publisher="Somebody", kind="guideline", url=url)


@pytest.mark.django_db
def test_a_gone_address_ends_the_command_with_words(site: str) -> None:
    source("lost", f"{site}/gone")
    source("kept", f"{site}/here")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 2 addresses are gone"):
        call_command("check_links", seconds=5, stdout=out)
    assert "gone (404)" in out.getvalue().splitlines()[0]
    assert "lost" in out.getvalue()


@pytest.mark.django_db
def test_sources_without_an_address_are_left_out_and_shared_ones_asked_once(site: str) -> None:
    source("one", f"{site}/moved")
    source("two", f"{site}/moved")
    source("book", "")
    out = StringIO()
    call_command("check_links", seconds=5, stdout=out)
    assert f"one, two: {site}/moved -> {site}/here" in out.getvalue()
    assert "1 addresses checked, none is gone." in out.getvalue()
