"""The load of bench/live.py, a process of its own that isn't measured.

    python -m live_contest.load PLAN

Opens the plan's streams, then does what lines of JSON on its input ask for, and answers in
lines of JSON:

``{"do": "open"}``                                 all streams; answers when each is open
``{"do": "closed", "seconds": 10, "senders": 96}`` so many messages are under way at any time
``{"do": "paced", "seconds": 10, "rate": 500}``    so many a second, whatever comes of them
``{"do": "check", "file": …}``                     what was lost or doubled; the file gets each
                                                   acknowledged message, one line of JSON

Streams 2k and 2k+1 are the two sides of one conversation. A message counts as delivered when it
arrives on the other side's stream; both sides' streams are checked where the server sends
to both.
"""

import asyncio
import gc
import json
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from live_contest.words import Words

OPEN_AT_ONCE = 64
STRAGGLER_SECONDS = 10.0
SIDES = ("visitor", "specialist")
Acknowledge = Callable[[str | None, str], None]  # The message's key, or None and why not.


class Driver(Protocol):
    """Speaks the protocol of one kind of server."""

    # Whether a message also arrives on its author's own stream.
    echoes: bool

    async def open(self, number: int) -> None:
        """Open one stream."""
        ...

    def send(self, number: int, ident: str, text: str, then: Acknowledge) -> None:
        """Send a message from this stream's side; `then` is told its key once acknowledged."""
        ...

    def words_in(self, raw: Any) -> str:
        """Return the words of something that arrived."""
        ...


class Book:
    """What was sent, acknowledged and delivered."""

    def __init__(self, streams: int) -> None:
        self.arrived: list[dict[str, tuple[float, Any]]] = [{} for _ in range(streams)]
        # Key, stream, ident, words, when it was due.
        self.acknowledged: list[tuple[str, int, str, str, float]] = []
        self.refused: Counter[str] = Counter()
        self.doubled = 0

    def arrives(self, number: int, key: str, raw: Any) -> None:
        """Note that a message came on a stream."""
        seen = self.arrived[number]
        if key in seen:
            self.doubled += 1
        else:
            seen[key] = (time.perf_counter(), raw)

    def delays(self, since: int) -> list[float]:
        """Return the seconds from due to delivered of what was acknowledged from `since` on."""
        found = []
        for key, number, _ident, _words, due in self.acknowledged[since:]:
            arrival = self.arrived[number ^ 1].get(key)
            if arrival:
                found.append(arrival[0] - due)
        return sorted(found)

    def missing(self, echoes: bool) -> int:
        """Return how many acknowledged messages haven't arrived where they should."""
        return sum(
            key not in self.arrived[number ^ 1] or (echoes and key not in self.arrived[number])
            for key, number, *_rest in self.acknowledged
        )

    def altered(self, words_in: Callable[[Any], str]) -> int:
        """Return how many arrived with other words than were sent."""
        return sum(
            words_in(self.arrived[number ^ 1][key][1]) != words
            for key, number, _ident, words, _due in self.acknowledged
            if key in self.arrived[number ^ 1]
        )


class Load:
    """Does what it is told."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._streams: int = len(plan["streams"])
        self._book = Book(self._streams)
        self._driver = _driver(plan, self._book)
        self._words = Words()
        self._order = list(range(self._streams))
        random.Random(7).shuffle(self._order)  # noqa: S311
        self._place = 0
        self._sent = 0
        self._under_way = 0

    async def obey(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out one command."""
        if command["do"] == "open":
            return await self._open()
        if command["do"] == "closed":
            return await self._measured(self._closed, command["seconds"], command["senders"])
        if command["do"] == "paced":
            return await self._measured(self._paced, command["seconds"], command["rate"])
        return await self._check(Path(command["file"]))

    async def _open(self) -> dict[str, Any]:
        began = time.perf_counter()
        waiting = deque(range(self._streams))

        async def work() -> None:
            while waiting:
                await self._driver.open(waiting.popleft())

        await asyncio.gather(*(work() for _ in range(min(OPEN_AT_ONCE, self._streams))))
        return {"opened": self._streams, "seconds": round(time.perf_counter() - began, 2)}

    async def _measured(self, phase: Any, seconds: float, how_much: int) -> dict[str, Any]:
        since, sent = len(self._book.acknowledged), self._sent
        refused = self._book.refused.total()
        began = time.perf_counter()
        await phase(began + seconds, how_much)
        took = time.perf_counter() - began
        done = len(self._book.acknowledged) - since
        say({"ended": True})  # The processor time up to here is what counts.
        await self._all_answered()
        await self._all_arrived()
        delays = self._book.delays(since)
        return {
            "seconds": took,
            "sent": self._sent - sent,
            "acknowledged": done,
            "refused": self._book.refused.total() - refused,
            "p50_ms": _percentile(delays, 0.50),
            "p99_ms": _percentile(delays, 0.99),
            "worst_ms": _percentile(delays, 1.0),
        }

    async def _closed(self, end: float, senders: int) -> None:
        finished = asyncio.get_running_loop().create_future()

        def go_on() -> None:
            if time.perf_counter() < end:
                self._send(time.perf_counter(), go_on)
            elif not finished.done():
                finished.set_result(None)

        for _ in range(senders):
            go_on()
        try:
            async with asyncio.timeout_at(
                asyncio.get_running_loop().time() + end - time.perf_counter() + STRAGGLER_SECONDS
            ):
                await finished
        except TimeoutError:
            return

    async def _paced(self, end: float, rate: int) -> None:
        due = time.perf_counter()
        while due < end:
            pause = due - time.perf_counter()
            if pause > 0:
                await asyncio.sleep(pause)
            self._send(due, lambda: None)
            due += 1 / rate

    def _send(self, due: float, then: Callable[[], None]) -> None:
        number = self._order[self._place]
        self._place = (self._place + 1) % self._streams
        self._sent += 1
        self._under_way += 1
        ident, words = f"b{self._sent}", self._words.of(SIDES[number & 1])

        def answered(key: str | None, trouble: str) -> None:
            self._under_way -= 1
            if key is None:
                self._book.refused[trouble] += 1
            else:
                self._book.acknowledged.append((key, number, ident, words, due))
            then()

        self._driver.send(number, ident, words, answered)

    async def _all_answered(self) -> None:
        end = time.perf_counter() + STRAGGLER_SECONDS
        while self._under_way and time.perf_counter() < end:
            await asyncio.sleep(0.05)

    async def _all_arrived(self) -> None:
        end = time.perf_counter() + STRAGGLER_SECONDS
        while self._book.missing(self._driver.echoes) and time.perf_counter() < end:
            await asyncio.sleep(0.2)

    async def _check(self, file: Path) -> dict[str, Any]:
        await self._all_answered()
        with file.open("w", encoding="utf-8") as lines:
            for key, number, ident, words, _due in self._book.acknowledged:
                lines.write(json.dumps([number, key, ident, words]) + "\n")
        return {
            "acknowledged": len(self._book.acknowledged),
            "unanswered": self._under_way,
            "lost": self._book.missing(self._driver.echoes),
            "doubled": self._book.doubled,
            "altered": self._book.altered(self._driver.words_in),
            "refused": dict(self._book.refused),
        }


def _driver(plan: dict[str, Any], book: Book) -> Driver:
    if plan["kind"] == "sse":
        from live_contest.over_http import OverHttp

        return OverHttp(plan, book.arrives)
    if plan["kind"] == "websocket":
        from live_contest.over_sockets import OverWebSocket

        return OverWebSocket(plan, book.arrives)
    if plan["kind"] == "matrix":
        from live_contest.over_matrix import OverMatrix

        return OverMatrix(plan, book.arrives)
    from live_contest.over_sockets import OverXmpp

    return OverXmpp(plan, book.arrives)


def _percentile(ordered: list[float], part: float) -> float | None:
    if not ordered:
        return None
    return round(1000 * ordered[int(part * (len(ordered) - 1))], 2)


def say(answer: dict[str, Any]) -> None:
    """Answer a line."""
    print(json.dumps(answer), flush=True)


async def _serve(plan: dict[str, Any]) -> None:
    load = Load(plan)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        # What is kept for the check grows and never goes: looking through it is wasted time.
        gc.freeze()
        say(await load.obey(json.loads(line)))


if __name__ == "__main__":
    gc.disable()
    asyncio.run(_serve(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
