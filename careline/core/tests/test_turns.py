"""A flood from one place waits for itself; others don't wait for it."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from careline.core import turns
from careline.core.turns import AT_ONCE, MOST_WAITING, Turns


class Pages:
    """Stands for the pages: holds every request until it is let go."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.inside: list[str] = []
        self.served = 0
        self.open = asyncio.Event()

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.inside.append(scope["client"][0])
        await self.open.wait()
        self.inside.remove(scope["client"][0])
        self.served += 1
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def sent(
    application: Turns, address: str, method: str = "POST", path: str = "/en/ask/"
) -> int:
    """Send one request; return the status of the reply."""
    statuses: list[int] = []

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [],
        "client": (address, 1),
    }
    await application(scope, receive, send)
    return statuses[0]


def run(story: Callable[[], Any]) -> Any:
    return asyncio.run(asyncio.wait_for(story(), 20))


def test_of_a_flood_a_few_run_and_another_place_goes_straight_in() -> None:
    async def story() -> None:
        pages = Pages()
        application = Turns(pages)
        flood = [asyncio.ensure_future(sent(application, "10.0.0.1")) for _ in range(20)]
        await asyncio.sleep(0.01)
        other = asyncio.ensure_future(sent(application, "10.0.0.2"))
        await asyncio.sleep(0.01)
        assert pages.inside.count("10.0.0.1") == AT_ONCE
        assert pages.inside.count("10.0.0.2") == 1
        pages.open.set()
        assert await asyncio.gather(other, *flood) == [200] * 21

    run(story)


def test_an_endless_line_is_refused() -> None:
    async def story() -> None:
        pages = Pages()
        application = Turns(pages)
        line = [asyncio.ensure_future(sent(application, "10.0.0.1")) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0.01)
        assert await sent(application, "10.0.0.1") == 429
        pages.open.set()
        assert set(await asyncio.gather(*line)) == {200}
        assert application._lines == {}

    run(story)


def test_who_was_refused_waits_a_little_before_the_next_refusal(monkeypatch: Any) -> None:
    monkeypatch.setattr(turns, "PAUSE_SECONDS", 0.05)

    async def story() -> tuple[float, float]:
        pages = Pages(status=429)
        pages.open.set()
        application = Turns(pages)
        clock = asyncio.get_running_loop().time
        began = clock()
        for _ in range(4):
            assert await sent(application, "10.0.0.1") == 429
        flood = clock() - began
        began = clock()
        await sent(application, "10.0.0.2")
        return flood, clock() - began

    flood, other = run(story)
    assert other < 2 * 0.05 < flood


@pytest.mark.parametrize(("method", "path"), [("GET", "/en/ask/"), ("POST", "/en/message/")])
def test_only_questions_take_turns(method: str, path: str) -> None:
    async def story() -> None:
        pages = Pages()
        application = Turns(pages)
        others = [
            asyncio.ensure_future(sent(application, "10.0.0.1", method, path)) for _ in range(9)
        ]
        await asyncio.sleep(0.01)
        assert len(pages.inside) == 9
        pages.open.set()
        await asyncio.gather(*others)

    run(story)
