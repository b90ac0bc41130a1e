"""A real uvicorn in a thread, and the little of an SSE client that tests need."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from careline.contacts import tokens
from careline.contacts.models import Contact


@contextmanager
def running_server() -> Iterator[str]:
    """Serve careline.asgi on a free port; yields the base address."""
    config = uvicorn.Config(
        "careline.asgi:application",
        port=0,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(15)


def visitor_client(base: str, contact: Contact) -> httpx.Client:
    """Return a browser that holds this contact's token."""
    return httpx.Client(
        base_url=base,
        headers={"Origin": base},
        cookies={tokens.COOKIE: tokens.token_of(contact.pk)},
        timeout=10,
    )


def events_of(response: httpx.Response, count: int) -> list[dict[str, Any]]:
    """Read `count` events of a stream, heartbeats left out; fewer if it ends before."""
    found: list[dict[str, Any]] = []
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line.startswith((":", "retry")):
            continue
        if line:
            name, _colon, value = line.partition(": ")
            fields[name] = value
        elif fields.get("event") == "beat":
            fields = {}
        elif fields:
            found.append({"id": fields.get("id"), "event": fields["event"]} | _data(fields))
            fields = {}
            if len(found) == count:
                break
    return found


def _data(fields: dict[str, str]) -> dict[str, Any]:
    return {"data": json.loads(fields["data"])}
