"""Messages by POST, delivery by Server-Sent Events: as Careline and the bare ceiling do it."""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable
from typing import Any

Arrives = Callable[[int, str, Any], None]
Then = Callable[[int, bytes], None]
_EVENT = re.compile(rb"id: (\d+)\nevent: contact\ndata: ([^\n]*)\n\n")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_NUMBER = re.compile(rb'"seq": ?(\d+)')
OPEN_SECONDS = 60


class OverHttp:
    """The plan gives each stream the heads of its two requests, ready but for the length."""

    echoes = True

    def __init__(self, plan: dict[str, Any], arrives: Arrives) -> None:
        self._port: int = plan["port"]
        self._heads = [
            (stream["get"].encode(), stream["post"].encode()) for stream in plan["streams"]
        ]
        self._arrives = arrives
        self._posters = Posters(self._port)

    async def open(self, number: int) -> None:
        """Open one stream; returns with the reply's head."""
        loop = asyncio.get_running_loop()
        stream = _Stream(number, self._heads[number][0], self._arrives)
        await loop.create_connection(lambda: stream, "127.0.0.1", self._port)
        async with asyncio.timeout(OPEN_SECONDS):
            await stream.is_open

    def send(
        self, number: int, ident: str, text: str, then: Callable[[str | None, str], None]
    ) -> None:
        """Post one message."""
        body = json.dumps({"client_id": ident, "text": text}).encode()
        request = b"%sContent-Length: %d\r\n\r\n%s" % (self._heads[number][1], len(body), body)

        def answered(status: int, reply: bytes) -> None:
            found = _NUMBER.search(reply) if status == 201 else None
            then(found[1].decode() if found else None, str(status))

        self._posters.ask(request, answered)

    def words_in(self, raw: bytes) -> str:
        """Return the words of an event, as either side sees it."""
        event = json.loads(raw)
        return str(event["text"] if "text" in event else event["body"]["text"])


class _Stream(asyncio.Protocol):
    def __init__(self, number: int, request: bytes, arrives: Arrives) -> None:
        self._number = number
        self._request = request
        self._arrives = arrives
        self._rest = b""
        self.is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self.is_open.done():
            self._read_head(data)
        end = 0
        for found in _EVENT.finditer(data):
            self._arrives(self._number, found[1].decode(), found[2])
            end = found.end()
        self._rest = data[end:]  # Chunks' own lines stand between events, never inside one.

    def _read_head(self, data: bytes) -> None:
        if b"\r\n\r\n" not in data:
            return
        if data.startswith(b"HTTP/1.1 200"):
            self.is_open.set_result(None)
        else:
            self.is_open.set_exception(RuntimeError(data[:400].decode("latin-1")))

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.is_open.done():
            self.is_open.set_exception(RuntimeError("The stream was closed before it opened."))


class Posters:
    """Connections that are kept open, one request on each at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: deque[Poster] = deque()
        self._pending: set[asyncio.Task[None]] = set()

    def ask(self, request: bytes, then: Then) -> None:
        """Send a request on an idle connection, or on a new one."""
        while self._idle:
            poster = self._idle.pop()
            if poster.usable:
                poster.ask(request, then)
                return
        task = asyncio.get_running_loop().create_task(self._connect(request, then))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _connect(self, request: bytes, then: Then) -> None:
        loop = asyncio.get_running_loop()
        try:
            _transport, poster = await loop.create_connection(
                lambda: Poster(self._idle.append), "127.0.0.1", self._port
            )
        except OSError:
            then(0, b"")
            return
        poster.ask(request, then)


class Poster(asyncio.Protocol):
    """One connection."""

    def __init__(self, is_idle: "Callable[[Poster], None]") -> None:
        self._is_idle = is_idle
        self._then: Then | None = None
        self._data = b""
        self._transport: asyncio.WriteTransport | None = None

    @property
    def usable(self) -> bool:
        """Whether the server still holds its end."""
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def ask(self, request: bytes, then: Then) -> None:
        """Send one request."""
        assert self._transport is not None
        self._then = then
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, blank, rest = self._data.partition(b"\r\n\r\n")
        body = _whole(head, rest) if blank else None
        if body is not None:
            self._data = b""
            self._answer(int(head[9:12]), body)

    def _answer(self, status: int, body: bytes) -> None:
        then, self._then = self._then, None
        if self.usable:
            self._is_idle(self)
        if then:
            then(status, body)

    def connection_lost(self, _error: Exception | None) -> None:
        if self._then:
            self._answer(0, b"")


def _whole(head: bytes, rest: bytes) -> bytes | None:
    """Return the body once it is all there."""
    length = _LENGTH.search(head)
    if length is not None:
        return rest if len(rest) >= int(length[1]) else None
    body, start = b"", 0
    while (end := rest.find(b"\r\n", start)) >= 0:
        size = int(rest[start:end], 16)
        if size == 0:
            return body
        body += rest[end + 2 : end + 2 + size]
        start = end + 2 + size + 2
    return None
