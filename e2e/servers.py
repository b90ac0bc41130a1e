"""A real Careline for the journeys: its own state folder, the packs, demonstration staff."""

import fcntl
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import environ
import psycopg

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 90
_servers = itertools.count()
ALWAYS = ",".join(f"{day}=00:00-23:59" for day in range(7))


@dataclass
class Server:
    """A running site and the passwords of its staff, by sign-in name."""

    url: str
    state: Path
    environment: dict[str, str]
    passwords: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def careline(self, *arguments: str) -> str:
        """Run a careline command on this server's state; return what it printed."""
        return _careline(self.environment, *arguments)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Prepared:
    """A state folder (and database) made ready once, copied for each server."""

    folder: Path
    database_url: str
    passwords: dict[str, str]

    def copy_to(self, state: Path) -> str:
        """Fill a server's state folder; return the address of its own database, or nothing."""
        shutil.copytree(self.folder / "state", state, dirs_exist_ok=True)
        return _new_database(self.database_url) if self.database_url else ""


def prepare_once(folder: Path) -> Prepared:
    """Return what is prepared in `folder`, making it if this process is the first there."""
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / "prepared-once.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            given = os.environ.get("DATABASE_URL", "")
            url = _new_database(given) if given.startswith("postgres") else ""
            environment = environment_for(folder / "state", url)
            passwords = passwords_in(_careline(environment, "prepare", "--staff"))
            # Asked once, so that what a first question makes is there for every server's copy.
            _careline(environment, "ask", "What is immunotherapy?")
            record.write_text(json.dumps({"database_url": url, "passwords": passwords}))
        kept = json.loads(record.read_text())
    return Prepared(folder, kept["database_url"], kept["passwords"])


def environment_for(state: Path, database_url: str, **settings: str) -> dict[str, str]:
    """Return the environment of one server's processes."""
    state.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "CARELINE_HOME": str(state),
        "DJANGO_SETTINGS_MODULE": "careline.settings.dev",
        "CHAT_HOLIDAYS_COUNTRY": "",
        **settings,
    }
    environment.pop("DATABASE_URL", None)
    if environment.get("REDIS_URL"):
        environment["REDIS_URL"] = _own_redis(environment["REDIS_URL"])
    return {**environment, "DATABASE_URL": database_url} if database_url else environment


def _own_redis(url: str) -> str:
    """Return a Redis database that no other server of this run counts its limits in."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{url.rpartition('/')[0]}/{4 + worker * 4 + next(_servers) % 4}"


def _careline(environment: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "careline", *arguments],
        env=environment,
        cwd=REPOSITORY,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _new_database(model: str) -> str:
    """Make a database like `model` (a copy of it, if it is one of ours); return its address."""
    start, _slash, source = model.rpartition("/")
    name = f"journey_{uuid.uuid4().hex[:12]}"
    template = source if source.startswith("journey_") else "template1"
    parts = environ.Env.db_url_config(model)
    with psycopg.connect(
        host=parts["HOST"],
        port=parts["PORT"] or None,
        user=parts["USER"],
        password=parts["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return f"{start}/{name}"


@contextmanager
def running(prepared: Prepared, state: Path, **settings: str) -> Iterator[Server]:
    """Run web and worker on a copy of what was prepared; stop them at the end."""
    port = free_port()
    url = prepared.copy_to(state)
    environment = environment_for(state, url, CARELINE_PORT=str(port), **settings)
    with (state / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "careline", "run"],
            env=environment,
            cwd=REPOSITORY,
            stdout=log,
            stderr=log,
        )
        address = f"http://127.0.0.1:{port}"
        server = Server(address, state, environment, prepared.passwords, process)
        try:
            wait_for(address, process, state / "server.log")
            yield server
        finally:
            process.terminate()
            process.wait(30)


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server answers. Raises RuntimeError with the end of its log."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/en/", timeout=20):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text()[-4000:])


def passwords_in(printed: str) -> dict[str, str]:
    """Return the sign-in names and passwords that preparing printed."""
    return dict(re.findall(r"^\s+([a-z][\w.]+)\s+(\S{10,})(?:\s|$)", printed, re.MULTILINE))
