"""Matrix (client-server API v3): messages by PUT, delivery by long polling of /sync."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from live_contest.over_http import Posters

Arrives = Callable[[int, str, Any], None]
_EVENT_ID = re.compile(rb'"event_id":\s*"([^"]+)"')
POLL_MILLISECONDS = 30_000
# A timeline that leaves events out would count as loss: so many fit in one answer.
_FILTER = quote('{"room":{"timeline":{"limit":500}},"presence":{"types":[]}}')


class OverMatrix:
    """The plan gives each person's token and room."""

    echoes = True

    def __init__(self, plan: dict[str, Any], arrives: Arrives) -> None:
        self._port: int = plan["port"]
        self._people: list[dict[str, str]] = plan["streams"]
        self._arrives = arrives
        self._posters = Posters(self._port)
        self._polls: list[asyncio.Task[None]] = []

    async def open(self, number: int) -> None:
        """Learn where the timeline ends, then poll from there."""
        place = await self._sync(number, "", 0)
        self._polls.append(asyncio.create_task(self._poll(number, place)))

    async def _poll(self, number: int, place: str) -> None:
        while True:
            place = await self._sync(number, place, POLL_MILLISECONDS)

    async def _sync(self, number: int, place: str, wait: int) -> str:
        since = f"&since={place}" if place else ""
        path = f"/_matrix/client/v3/sync?timeout={wait}&filter={_FILTER}{since}"
        answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._posters.ask(
            self._request("GET", path, number, b""),
            lambda _status, reply: answered.done() or answered.set_result(reply),
        )
        found = json.loads(await answered)
        for room in found.get("rooms", {}).get("join", {}).values() if place else ():
            for event in room["timeline"]["events"]:
                if event["type"] == "m.room.message":
                    self._arrives(number, event["event_id"], event["content"]["body"])
        return str(found["next_batch"])

    def _request(self, method: str, path: str, number: int, body: bytes) -> bytes:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: localhost:{self._port}\r\n"
            f"Authorization: Bearer {self._people[number]['token']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def send(
        self, number: int, ident: str, text: str, then: Callable[[str | None, str], None]
    ) -> None:
        """Put one message."""
        room = quote(self._people[number]["room"])
        path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/{ident}"
        body = json.dumps({"msgtype": "m.text", "body": text}).encode()

        def answered(status: int, reply: bytes) -> None:
            found = _EVENT_ID.search(reply) if status == 200 else None
            then(found[1].decode() if found else None, str(status))

        self._posters.ask(self._request("PUT", path, number, body), answered)

    def words_in(self, raw: str) -> str:
        """Return the words of an event."""
        return raw
