"""Turns for questions: a flood from one place waits for itself, not others for it.

A few threads serve all pages, and a question takes longer than most. Whoever sends many at
once would hold every thread, long before any rate limit is reached. Here, on the event loop,
waiting costs nothing: of one place, AT_ONCE questions are being answered, the others stand
in line. A place that was just told "too many requests" stands a little longer, so that
refusing it costs nothing either.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from careline.core.ratelimit import client_address, place_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

AT_ONCE = 1
# More than would come from a house of many people behind one address.
MOST_WAITING = 50
PAUSE_SECONDS = 0.25
REMEMBERED_SECONDS = 60
_TOO_MANY = b"Too many requests from one place. Please try again in a minute."


@dataclass
class _Line:
    """Who of one place is being served or waits; forgotten when the last has gone, or, of a place
    that was refused, a minute later."""

    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    people: int = 0
    refused: bool = False


class Turns:
    """An ASGI application before another: the questions of one place take turns."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lines: dict[str, _Line] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, at once or when it is its turn."""
        if not _is_question(scope):
            await self._application(scope, receive, send)
            return
        place = _place(scope)
        line = self._lines.setdefault(place, _Line())
        line.people += 1
        try:
            if line.people > MOST_WAITING:
                await _refuse(send)
            else:
                await self._in_turn(line, scope, receive, send)
        finally:
            line.people -= 1
            if line.refused:
                asyncio.get_running_loop().call_later(REMEMBERED_SECONDS, self._forget, place)
            else:
                self._forget(place)

    def _forget(self, place: str) -> None:
        line = self._lines.get(place)
        if line is not None and not line.people:
            del self._lines[place]

    async def _in_turn(self, line: _Line, scope: Scope, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                line.refused = message["status"] == 429
            await send(message)

        async with line.gate:
            if line.refused:
                await asyncio.sleep(PAUSE_SECONDS)
            await self._application(scope, receive, watched)


def _is_question(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    parts: list[str] = scope["path"].strip("/").split("/")
    return "ask" in parts[:2]  # /en/ask/, /en/ask/helped/, /api/ask


def _place(scope: Scope) -> str:
    forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    peer = (scope.get("client") or ("", 0))[0]
    return place_of(client_address(peer, forwarded.decode("latin-1")))


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"60")]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_MANY})
