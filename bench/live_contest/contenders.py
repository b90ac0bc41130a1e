"""The contenders of bench/live.py that speak HTTP: Careline, the bare ceiling, Channels."""

import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from live_contest import machine

_ACCEPT = "Accept: text/event-stream"
# What a browser says behind a proxy that keeps its connections open.
_BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
)


@dataclass
class Services:
    """What a contender may use: `redis` is an address; pids are counted with the server's."""

    folder: Path
    postgresql: str = ""
    postgresql_pid: int = 0
    redis: str = ""
    redis_pid: int = 0
    extra_python: str = ""  # The Python that has Channels and the other peers.


@dataclass
class Contender:
    """One server under load."""

    name: str
    services: Services
    streams: int
    port: int = field(default_factory=machine.free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def folder(self) -> Path:
        """A folder of its own."""
        return self.services.folder / self.name

    @property
    def counted(self) -> dict[str, int]:
        """The processes whose time counts, each with all below it."""
        return {"server": self.server_pid}

    @property
    def server_pid(self) -> int:
        """The process that holds the streams."""
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Prepare the data and start the server."""
        raise NotImplementedError

    def plan(self) -> dict[str, Any]:
        """Return what the load has to know."""
        raise NotImplementedError

    def stored(self) -> Iterator[tuple[str, str, str]]:
        """Yield conversation and number (or the message's own id), client's id and words."""
        raise NotImplementedError

    def danger_seconds(self) -> float:
        """Return the processor time spent so far on judging words for danger."""
        return 0.0

    def stop(self) -> None:
        """Stop the server."""
        if self.process is not None:
            machine.stop(self.process)

    def stored_key(self, number: int, key: str) -> str:
        """Return how `stored` names a message that was acknowledged on this stream."""
        return f"{number // 2}#{key}"


class _WithDatabase(Contender):
    on_postgresql = False

    @property
    def counted(self) -> dict[str, int]:
        """The server, and its database and Redis where they are processes of their own."""
        if not self.on_postgresql:
            return {"server": self.server_pid}
        postgresql, redis = self.services.postgresql_pid, self.services.redis_pid
        return {"server": self.server_pid, "postgresql": postgresql, "redis": redis}

    def _database_url(self) -> str:
        if self.on_postgresql:
            return machine.new_database(self.services.postgresql, self.name)
        return ""


class Careline(_WithDatabase):
    """The application as `careline run` starts it, in production's settings."""

    def __init__(self, services: Services, streams: int, *, on_postgresql: bool) -> None:
        name = "careline-postgresql" if on_postgresql else "careline-sqlite"
        super().__init__(name, services, streams)
        self.on_postgresql = on_postgresql
        self._people: dict[str, Any] = {}
        self._environment: dict[str, str] = {}
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def counted(self) -> dict[str, int]:
        """Those, and the worker, which looks every few seconds whether something is due."""
        assert self._worker is not None
        return {**super().counted, "worker": self._worker.pid}

    def stop(self) -> None:
        """Stop both processes."""
        if self._worker is not None:
            machine.stop(self._worker)
        super().stop()

    def start(self) -> None:
        """Migrate, make staff and conversations, start uvicorn and the worker."""
        self.folder.mkdir(parents=True)
        self._environment = self._settings()
        self._run("careline_setup", str(self.streams // 2), str(self.folder / "people.json"))
        self._people = json.loads((self.folder / "people.json").read_text(encoding="utf-8"))
        command = _web_command(self.services, self.port, "live_contest.careline_app:application")
        worker = [sys.executable, "-m", "careline", "worker"]
        self._worker = machine.start(worker, self.folder / "worker", self._environment)
        self.process = machine.start(command, self.folder, self._environment)
        machine.wait_until(lambda: machine.listens(self.port), self.process, self.name)

    def _settings(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CARELINE_", "DJANGO_"))
        }
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "careline.settings.production",
            "SECRET_KEY": "of-this-benchmark-alone-and-of-nothing-else-0123456789",
            "ALLOWED_HOSTS": "localhost",
            "CARELINE_HOME": str(self.folder / "home"),
            "PYTHONPATH": f"{machine.REPOSITORY}:{machine.BENCH}",
            "DATABASE_URL": self._database_url(),
            "REDIS_URL": self.services.redis if self.on_postgresql else "",
        }

    def _run(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"live_contest.{module}", *arguments]
        with (self.folder / "setup.log").open("ab") as log:
            subprocess.run(command, env=self._environment, check=True, stdout=log, stderr=log)

    def plan(self) -> dict[str, Any]:
        """Return both requests of each stream, with the cookies of who sends them."""
        streams = []
        for conversation in self._people["conversations"]:
            for side, query in (("visitor", ""), ("specialist", "as=staff")):
                path = f"/live/contacts/{conversation['id']}"
                cookie = conversation[f"{side}_cookie"]
                after = f"after={conversation['after']}"
                start = f"?{after}&{query}" if query else f"?{after}"
                common = f"Host: localhost:{self.port}\r\n{_BROWSER}Cookie: {cookie}\r\n"
                posts = f"{path}/messages{'?' + query if query else ''}"
                streams.append(
                    {
                        "get": f"GET {path}/events{start} HTTP/1.1\r\n{common}{_ACCEPT}\r\n\r\n",
                        "post": f"POST {posts} HTTP/1.1\r\n{common}"
                        f"Origin: http://localhost:{self.port}\r\nSec-Fetch-Site: same-origin\r\n"
                        "Content-Type: application/json\r\n",
                    }
                )
        return {"kind": "sse", "port": self.port, "streams": streams}

    def danger_seconds(self) -> float:
        """Ask the server."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/bench/danger") as reply:
            return float(json.load(reply)["seconds"])

    def stored(self) -> Iterator[tuple[str, str, str]]:
        """Read every log as the application reads it, opened with its keys."""
        file = self.folder / "stored.jsonl"
        self._run("careline_stored", str(file))
        place = {each["id"]: index for index, each in enumerate(self._people["conversations"])}
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                contact, seq, client_id, words = json.loads(line)
                yield f"{place[contact]}#{seq}", client_id, words


class Bare(_WithDatabase):
    """The ceiling: the same server program, database and group commit, and nothing else."""

    def __init__(self, services: Services, streams: int, *, on_postgresql: bool) -> None:
        name = "ceiling-postgresql" if on_postgresql else "ceiling-sqlite"
        super().__init__(name, services, streams)
        self.on_postgresql = on_postgresql
        self._environment: dict[str, str] = {}

    def start(self) -> None:
        """Start uvicorn exactly as Careline starts it."""
        self.folder.mkdir(parents=True)
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(machine.BENCH),
            "BARE_DATABASE": self._database_url() or str(self.folder / "bare.sqlite3"),
            "BARE_CONVERSATIONS": str(self.streams // 2),
        }
        command = _web_command(self.services, self.port, "live_contest.bare_app:application")
        self.process = machine.start(command, self.folder, self._environment)
        machine.wait_until(lambda: machine.listens(self.port), self.process, self.name)

    def plan(self) -> dict[str, Any]:
        """Return both requests of each stream, as long as a browser's are."""
        streams = []
        for number in range(self.streams):
            path = f"/live/contacts/{number // 2}"
            common = f"Host: localhost:{self.port}\r\n{_BROWSER}Cookie: a={'x' * 80}\r\n"
            side = ("visitor", "specialist")[number & 1]
            streams.append(
                {
                    "get": f"GET {path}/events?after=0 HTTP/1.1\r\n{common}{_ACCEPT}\r\n\r\n",
                    "post": f"POST {path}/messages?as={side} HTTP/1.1\r\n{common}"
                    f"Origin: http://localhost:{self.port}\r\nSec-Fetch-Site: same-origin\r\n"
                    "Content-Type: application/json\r\n",
                }
            )
        return {"kind": "sse", "port": self.port, "streams": streams}

    def stored(self) -> Iterator[tuple[str, str, str]]:
        """Read the table."""
        query = "SELECT conversation, seq, client_id, body FROM event"
        for conversation, seq, client_id, body in rows(self._environment["BARE_DATABASE"], query):
            yield f"{conversation}#{seq}", client_id, body


class Channels(_WithDatabase):
    """Django Channels, its Redis layer, its rows by Django's ORM on PostgreSQL."""

    on_postgresql = True

    def __init__(self, services: Services, streams: int) -> None:
        super().__init__("channels", services, streams)
        self._environment: dict[str, str] = {}

    def start(self) -> None:
        """Make the table and start uvicorn, on WebSockets."""
        self.folder.mkdir(parents=True)
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(machine.BENCH),
            "CHANNELS_DATABASE": self._database_url(),
            "CHANNELS_REDIS": self.services.redis,
        }
        python = self.services.extra_python
        subprocess.run(
            [python, "-c", "import live_contest.channels_app as app; app.make_table()"],
            env=self._environment,
            check=True,
        )
        command = _web_command(self.services, self.port, "live_contest.channels_app:application")
        command[0] = python
        self.process = machine.start(command, self.folder, self._environment)
        machine.wait_until(lambda: machine.listens(self.port), self.process, self.name)

    def plan(self) -> dict[str, Any]:
        """Return the path of each WebSocket."""
        paths = [f"/chat/{n // 2}/{('visitor', 'specialist')[n & 1]}" for n in range(self.streams)]
        return {"kind": "websocket", "port": self.port, "streams": paths}

    def stored(self) -> Iterator[tuple[str, str, str]]:
        """Read the table."""
        query = "SELECT conversation, seq, client_id, body FROM chat_message"
        database = self._environment["CHANNELS_DATABASE"]
        for conversation, seq, client_id, body in rows(database, query):
            yield f"{conversation}#{seq}", client_id, body


def rows(database: str, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a database file or of an address of PostgreSQL."""
    if not database.startswith("postgres"):
        import sqlite3

        with sqlite3.connect(database) as connection:
            return connection.execute(query).fetchall()
    import psycopg

    user_host, _slash, name = database.removeprefix("postgres://").rpartition("/")
    user, _at, host = user_host.partition("@/")
    with psycopg.connect(host="/" + host.lstrip("/"), user=user, dbname=name) as remote:
        return remote.execute(query.encode()).fetchall()


def compare(acknowledged: Path, contender: Contender) -> Counter[str]:
    """Return what is stored otherwise than it was acknowledged: lost, doubled, altered."""
    stored: dict[str, tuple[str, str]] = {}
    found = Counter({"lost": 0, "doubled": 0, "altered": 0})
    seen: set[tuple[str, str]] = set()
    for key, client_id, words in contender.stored():
        if not client_id.startswith("b"):
            continue  # Not the load's.
        found["doubled"] += key in stored or (key.partition("#")[0], client_id) in seen
        stored[key] = (client_id, words)
        seen.add((key.partition("#")[0], client_id))
    with acknowledged.open(encoding="utf-8") as lines:
        for line in lines:
            number, key, ident, words = json.loads(line)
            kept = stored.get(contender.stored_key(number, key))
            found["lost"] += kept is None
            found["altered"] += kept is not None and kept != (ident, words)
    return found


@cache
def _web_command_as_shipped(folder: Path) -> tuple[str, ...]:
    ask = "from careline.core.supervisor import web_command; print(*web_command('127.0.0.1', 0))"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "careline.settings.dev",
        "CARELINE_HOME": str(folder / "settings"),
        "PYTHONPATH": str(machine.REPOSITORY),
    }
    said = subprocess.run(
        [sys.executable, "-c", ask], env=environment, check=True, capture_output=True, text=True
    )
    return tuple(said.stdout.split())


def _web_command(services: Services, port: int, application: str) -> list[str]:
    """Return the command of Careline's own web process, for another application."""
    command = list(_web_command_as_shipped(services.folder))
    command[command.index("careline.asgi:application")] = application
    command[command.index("--port") + 1] = str(port)
    return command
