"""One connection for both ways: WebSocket (Channels) and XMPP (Prosody)."""

import asyncio
import base64
import json
import os
import re
from collections import deque
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape, unescape

Arrives = Callable[[int, str, Any], None]
Then = Callable[[str | None, str], None]
OPEN_SECONDS = 60


class _Line(asyncio.Protocol):
    """A connection that hands on what comes, and remembers why it ended."""

    def __init__(self) -> None:
        self.transport: asyncio.WriteTransport | None = None
        self.rest = b""
        self.ended = False
        self._changed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.rest += data
        self.read()
        self._changed.set()

    def read(self) -> None:
        """Take from `rest` what is whole."""

    def connection_lost(self, _error: Exception | None) -> None:
        self.ended = True
        self._changed.set()

    def write(self, data: bytes) -> None:
        """Send bytes."""
        assert self.transport is not None
        self.transport.write(data)

    async def until(self, pattern: bytes) -> bytes:
        """Wait for a pattern, take everything up to its end, return that."""
        async with asyncio.timeout(OPEN_SECONDS):
            while True:
                found = re.search(pattern, self.rest, re.DOTALL)
                if found:
                    taken, self.rest = self.rest[: found.end()], self.rest[found.end() :]
                    return taken
                if self.ended:
                    raise RuntimeError(f"closed while waiting for {pattern!r}: {self.rest[:300]!r}")
                self._changed.clear()
                await self._changed.wait()


# WebSocket (RFC 6455).
_TEXT, _PING, _PONG = 0x1, 0x9, 0xA


class _Socket(_Line):
    def __init__(self, number: int, arrives: Arrives) -> None:
        super().__init__()
        self._number = number
        self._arrives = arrives
        self._is_open = False
        self.waiting: dict[str, Then] = {}

    def opened(self) -> None:
        self._is_open = True
        self.read()

    def read(self) -> None:
        while self._is_open and (frame := _frame_in(self.rest)):
            kind, payload, size = frame
            self.rest = self.rest[size:]
            if kind == _PING:
                self.write(_masked(payload, _PONG))
            elif kind == _TEXT:
                self._take(payload)

    def _take(self, payload: bytes) -> None:
        message = json.loads(payload)
        if message["type"] == "said":
            self._arrives(self._number, str(message["seq"]), payload)
        elif then := self.waiting.pop(message["client_id"], None):
            then(str(message["seq"]), "")


def _frame_in(data: bytes) -> tuple[int, bytes, int] | None:
    """Return the first whole frame's kind, its payload and the frame's size."""
    if len(data) < 4:
        return None
    length, start = data[1] & 0x7F, 2
    if length == 126:
        length, start = int.from_bytes(data[2:4], "big"), 4
    if len(data) < start + length:
        return None
    return data[0] & 0x0F, data[start : start + length], start + length


def _masked(payload: bytes, kind: int = _TEXT) -> bytes:
    """Return a frame as a client has to send it."""
    mask = os.urandom(4)
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    body = (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
    first = bytes([0x80 | kind])
    head = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return first + head + mask + body


class OverWebSocket:
    """The plan gives each stream's path."""

    echoes = True

    def __init__(self, plan: dict[str, Any], arrives: Arrives) -> None:
        self._port: int = plan["port"]
        self._paths: list[str] = plan["streams"]
        self._lines = [_Socket(number, arrives) for number in range(len(self._paths))]

    async def open(self, number: int) -> None:
        """Shake hands."""
        line = self._lines[number]
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: line, "127.0.0.1", self._port)
        key = base64.b64encode(os.urandom(16)).decode()
        line.write(
            f"GET {self._paths[number]} HTTP/1.1\r\nHost: localhost:{self._port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = await line.until(rb"\r\n\r\n")
        if b" 101 " not in head[:20]:
            raise RuntimeError(head.decode("latin-1"))
        line.opened()

    def send(self, number: int, ident: str, text: str, then: Then) -> None:
        """Send one message."""
        line = self._lines[number]
        if line.ended:
            then(None, "closed")
            return
        line.waiting[ident] = then
        line.write(_masked(json.dumps({"client_id": ident, "text": text}).encode()))

    def words_in(self, raw: bytes) -> str:
        """Return the words of a message."""
        return str(json.loads(raw)["text"])


# XMPP (RFC 6120, 6121; acknowledgements of XEP-0198).

_MESSAGE = re.compile(
    rb"<message\b[^>]*?\bid='([^']+)'.*?<body>(.*?)</body>.*?</message>", re.DOTALL
)
_COUNTED = re.compile(rb"<a\b[^>]*?\bh='(\d+)'[^>]*?/>")
_ASKED = b"<r xmlns='urn:xmpp:sm:3'/>"
_STREAM = (
    b"<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client'"
    b" xmlns:stream='http://etherx.jabber.org/streams'>"
)


class _Session(_Line):
    def __init__(self, number: int, arrives: Arrives) -> None:
        super().__init__()
        self._number = number
        self._arrives = arrives
        self.is_open = False
        self.sent = 0
        self.came = 0
        self.waiting: deque[tuple[int, str, Then]] = deque()

    def read(self) -> None:
        if not self.is_open:
            return
        end = 0
        for found in _MESSAGE.finditer(self.rest):
            self._arrives(self._number, found[1].decode(), found[2])
            self.came += 1
            end = max(end, found.end())
        if _ASKED in self.rest:
            # Fewer than came, as presence isn't counted: a server takes that.
            self.write(b"<a xmlns='urn:xmpp:sm:3' h='%d'/>" % self.came)
            self.rest = self.rest.replace(_ASKED, b" " * len(_ASKED))
        for found in _COUNTED.finditer(self.rest):
            self._acknowledge(int(found[1]))
            end = max(end, found.end())
        self.rest = self.rest[end:]

    def _acknowledge(self, count: int) -> None:
        while self.waiting and self.waiting[0][0] <= count:
            _number, ident, then = self.waiting.popleft()
            then(ident, "")


class OverXmpp:
    """The plan gives the users' names; each has the password "x"."""

    echoes = False  # Without message carbons nobody gets their own words back.

    def __init__(self, plan: dict[str, Any], arrives: Arrives) -> None:
        self._port: int = plan["port"]
        self._names: list[str] = plan["streams"]
        self._lines = [_Session(number, arrives) for number in range(len(self._names))]

    async def open(self, number: int) -> None:
        """Sign in, bind, ask for acknowledgements, be there."""
        line, name = self._lines[number], self._names[number]
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: line, "127.0.0.1", self._port)
        line.write(_STREAM)
        await line.until(rb"</stream:features>")
        secret = base64.b64encode(f"\0{name}\0x".encode()).decode()
        auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
        line.write(f"{auth}{secret}</auth>".encode())
        await line.until(rb"<success[^>]*>")
        line.write(_STREAM)
        await line.until(rb"</stream:features>")
        line.write(
            b"<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            b"<resource>r</resource></bind></iq>"
        )
        await line.until(rb"<iq\b[^>]*\bid='bind'.*?</iq>")
        line.write(b"<enable xmlns='urn:xmpp:sm:3'/>")
        await line.until(rb"<enabled[^>]*>")
        line.write(b"<presence/><r xmlns='urn:xmpp:sm:3'/>")
        line.sent = 1
        await line.until(rb"<a\b[^>]*h='1'[^>]*>")
        line.is_open = True
        line.read()

    def send(self, number: int, ident: str, text: str, then: Then) -> None:
        """Send one message to the other side and ask whether it was handled."""
        line = self._lines[number]
        if line.ended:
            then(None, "closed")
            return
        line.sent += 1
        line.waiting.append((line.sent, ident, then))
        to = self._names[number ^ 1]
        line.write(
            f"<message to='{to}@localhost/r' type='chat' id='{ident}'><body>{escape(text)}</body>"
            "</message><r xmlns='urn:xmpp:sm:3'/>".encode()
        )

    def words_in(self, raw: bytes) -> str:
        """Return the words of a message."""
        return unescape(raw.decode(), {"&apos;": "'", "&quot;": '"'})
