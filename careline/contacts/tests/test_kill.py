"""The server is killed under load; afterwards every acknowledged message is there once, in order.

The real server in a process of its own, on SQLite and, where DATABASE_URL names one, on
PostgreSQL. Also: asked to stop, it ends open streams at once.
"""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from django.conf import settings
from django.db import connection, connections

from careline.contacts import tokens
from careline.contacts.tests.factories import open_chat
from careline.core.sealing import keys

REPOSITORY = Path(__file__).resolve().parents[3]
CONVERSATIONS = 40
# Each server is killed after so many messages, while more are under way.
ENOUGH = 6 * CONVERSATIONS
LOAD_SECONDS = 15.0
LAST = "last"

Acknowledged = list[tuple[int, str]]


class Server:
    """One uvicorn after another, on the same state and port."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Serve until the block ends, unless the process was killed before."""
        command = [sys.executable, "-m", "uvicorn", "careline.asgi:application", "--port"]
        quiet = [str(self.port), "--log-level", "warning", "--no-access-log"]
        with (self.folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, *quiet, "--timeout-graceful-shutdown", "10"],
                env=self.environment,
                cwd=REPOSITORY,
                stdout=log,
                stderr=log,
            )
        try:
            self._wait_until_up(process)
            yield process
        finally:
            process.kill()
            process.wait(10)

    def _wait_until_up(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text()[-3000:])


@pytest.fixture
def opened(transactional_db: None) -> list[list[str]]:
    """Give open conversations: their ids and tokens."""
    contacts = [open_chat(text="") for _ in range(CONVERSATIONS)]
    return [[str(contact.pk), tokens.token_of(contact.pk)] for contact in contacts]


@pytest.fixture
def server(opened: list[list[str]], tmp_path: Path) -> Iterator[Server]:
    """Give a server with a state folder of its own and a copy of the suite's database."""
    with _copied_database(tmp_path) as address:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "careline.settings.dev",
            "CARELINE_HOME": str(tmp_path),
            "SECRET_KEY": settings.SECRET_KEY,
            "ENCRYPTION_KEYS": ",".join(keys.in_use()),
            "DATABASE_URL": address,
            "REDIS_URL": "",
        }
        yield Server(environment, tmp_path)


@contextmanager
def _copied_database(folder: Path) -> Iterator[str]:
    ours = str(connection.settings_dict["NAME"])
    on_sqlite = connection.vendor == "sqlite"
    connections.close_all()
    if on_sqlite:
        copy = folder / "kill.sqlite3"
        with sqlite3.connect(ours) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        yield f"sqlite:///{copy}"
        return
    address, _mark, query = os.environ["DATABASE_URL"].partition("?")
    name = f"kill_{uuid.uuid4().hex[:12]}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {ours}")
    yield address.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    _administer(f"DROP DATABASE {name} WITH (FORCE)")


def _administer(statement: str) -> None:
    # Not through the suite's own connection: a database in use can't be copied.
    with cast(Any, connection)._nodb_cursor() as cursor:
        cursor.execute(statement)


class Load:
    """Many conversations that each say one thing after another, until the server is gone."""

    def __init__(self, server: Server, opened: list[list[str]]) -> None:
        self.server = server
        self.opened = opened
        # Contact -> what was acknowledged: number in the log and text, in the order of sending.
        self.acknowledged: dict[str, Acknowledged] = defaultdict(list)
        self.unsure: dict[str, str] = {}
        self._count = 0

    async def until_killed(self, process: "subprocess.Popen[bytes]") -> None:
        """Send from all conversations at once; kill the server while they do."""
        limits = httpx.Limits(max_connections=CONVERSATIONS)
        headers = {"Origin": self.server.url}
        async with httpx.AsyncClient(
            base_url=self.server.url, headers=headers, limits=limits, timeout=10
        ) as client:
            talking = [
                asyncio.create_task(self._talk(client, contact, token))
                for contact, token in self.opened
            ]
            await self._until_enough(self._said() + ENOUGH)
            process.send_signal(signal.SIGKILL)
            await asyncio.gather(*talking)

    def _said(self) -> int:
        return sum(len(messages) for messages in self.acknowledged.values())

    async def _until_enough(self, count: int) -> None:
        deadline = time.monotonic() + LOAD_SECONDS
        while self._said() < count and time.monotonic() < deadline:
            await asyncio.sleep(0.05)

    async def _talk(self, client: httpx.AsyncClient, contact: str, token: str) -> None:
        while True:
            text = self._next_text()
            # Until it is acknowledged, nobody knows whether it was stored.
            self.unsure[contact] = text
            try:
                response = await client.post(
                    f"/live/contacts/{contact}/messages",
                    json={"client_id": text, "text": text},
                    headers={"Cookie": f"{tokens.COOKIE}={token}"},
                )
            except httpx.TransportError:
                return
            assert response.status_code == 201, response.text
            self.acknowledged[contact].append((response.json()["seq"], text))
            del self.unsure[contact]

    def _next_text(self) -> str:
        self._count += 1
        return f"message-{self._count}"


def stored(browser: httpx.Client, contact: str, token: str, unsure: str | None) -> Acknowledged:
    """Send again what was never acknowledged; then read the whole conversation's stream."""
    found: Acknowledged = []
    headers = {"Cookie": f"{tokens.COOKIE}={token}"}
    path = f"/live/contacts/{contact}"
    for text in [unsure, LAST] if unsure else [LAST]:
        body = {"client_id": text, "text": text}
        assert browser.post(f"{path}/messages", json=body, headers=headers).status_code == 201
    with browser.stream("GET", f"{path}/events", headers=headers) as response:
        for line in response.iter_lines():
            if line.startswith("data: "):
                event = json.loads(line[6:])
                if event.get("text") == LAST:
                    break
                found.append((event["seq"], event.get("text", "")))
    return found


def test_every_acknowledged_message_is_there_once_and_in_order_after_a_kill(
    server: Server, opened: list[list[str]]
) -> None:
    load = Load(server, opened)
    with server.running() as process:
        asyncio.run(load.until_killed(process))
    assert len(load.acknowledged) == CONVERSATIONS
    origin = {"Origin": server.url}
    with server.running(), httpx.Client(base_url=server.url, headers=origin, timeout=30) as browser:
        for contact, token in opened:
            sent, unsure = load.acknowledged[contact], load.unsure.get(contact)
            found = stored(browser, contact, token, unsure)
            assert found[: len(sent)] == sent, "a message was lost, doubled or out of order"
            # Sent again under its own id, it is there once, whether or not it was stored before.
            assert [text for _seq, text in found[len(sent) :]] == ([unsure] if unsure else [])
            # Number 1 is the opening: the numbers have no gap.
            assert [seq for seq, _text in found] == list(range(2, len(found) + 2))


def test_asked_to_stop_it_ends_open_streams_at_once(
    server: Server, opened: list[list[str]]
) -> None:
    contact, token = opened[0]
    with (
        server.running() as process,
        httpx.stream(
            "GET",
            f"{server.url}/live/contacts/{contact}/events",
            headers={"Cookie": f"{tokens.COOKIE}={token}"},
            timeout=10,
        ) as response,
    ):
        lines = response.iter_lines()
        assert next(lines).startswith("retry")
        began = time.monotonic()
        process.terminate()
        last = list(lines)
        assert last[-1:] in ([], [""])
        told = [int(line[7:]) for line in last if line.startswith("retry: ")]
        assert told and 200 <= told[-1] <= 2_000, "when to come back"
        assert process.wait(8) in (0, -signal.SIGTERM)
        # Well before the ten seconds that open requests are given.
        assert time.monotonic() - began < 8
