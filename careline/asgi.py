"""One process for everything: the live path as raw ASGI, every other path as WSGI.

Django's own ASGI handler holds a thread for each open stream; measured in
docs/decisions/0002-live-path.md.
"""

import os
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.settings.dev")

from a2wsgi import WSGIMiddleware

from careline.wsgi import application as pages_wsgi  # Sets Django up: before the live path.

from careline.answers import index as answers_index  # isort: skip
from careline.contacts import periodic as _contacts_periodic  # isort: skip  # noqa: F401 - urgent work
from careline.core import periodic  # isort: skip
from careline.core.metrics_http import counted  # isort: skip
from careline.core.turns import Turns  # isort: skip
from careline.safety import rules_source  # isort: skip
from careline.contacts.live.endpoints import live_application, start_live, stop_live  # isort: skip

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PAGE_THREADS = 4
# Seconds that a thread computes before it lets another in. At Python's 5 ms every hand-over
# between the loop and a page's thread waits for whoever is busy (bench/pages.py).
THREAD_TURN_SECONDS = 0.0005
LIVE_PREFIX = "/live/"

sys.setswitchinterval(THREAD_TURN_SECONDS)
in_threads = WSGIMiddleware(pages_wsgi, workers=PAGE_THREADS)  # type: ignore[arg-type]
pages = Turns(in_threads)  # type: ignore[arg-type]
live = counted(live_application)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Send a request where it belongs."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(LIVE_PREFIX):
        await live(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


def _warm() -> None:
    """Load the danger rules and the index aside, so that no first message waits for them."""
    threading.Thread(target=rules_source.current, name="safety-rules", daemon=True).start()
    if os.environ.get("CARELINE_ROLE") != "live":
        answers_index.warm()


async def _lifespan(receive: Receive, send: Send) -> None:
    stand_in: periodic.StandIn | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await start_live()
            stand_in = periodic.start_stand_in()
            _warm()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if stand_in is not None:
                stand_in.stop()
            await stop_live()
            await send({"type": "lifespan.shutdown.complete"})
            return
