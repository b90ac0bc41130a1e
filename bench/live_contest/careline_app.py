"""careline.asgi with the live path's limits raised: one machine plays thousands of people.

Each use is still counted, as in production; nobody gets to the end of what is allowed.
/bench/danger says how much processor time went into judging words for danger, which no other
contender does.
"""

import json
import time
from typing import Any

from careline.asgi import application as careline
from careline.contacts import log as contact_log
from careline.contacts.live import meter
from careline.core.ratelimit import Limit

TIMES = 1_000
_usual = meter.windows


def _raised(limit: Limit) -> tuple[meter.Window, ...]:
    return tuple(meter.Window(each.seconds, each.most * TIMES) for each in _usual(limit))


meter.windows = meter.cache(_raised)  # type: ignore[assignment]


class _Timed:
    """The assessment, with a clock of its thread."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.texts = 0
        self._assess = contact_log.flag_body

    def __call__(self, text: str) -> dict[str, Any] | None:
        began = time.thread_time()
        try:
            return self._assess(text)
        finally:
            self.seconds += time.thread_time() - began
            self.texts += 1


_danger = contact_log.flag_body = _Timed()  # type: ignore[assignment]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Careline, and one page more."""
    if scope["type"] != "http" or scope["path"] != "/bench/danger":
        await careline(scope, receive, send)
        return
    body = json.dumps({"seconds": _danger.seconds, "texts": _danger.texts}).encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
