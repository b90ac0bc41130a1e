"""A real Careline for the journeys: its own state folder, the packs, demonstration staff."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 90
ALWAYS = ",".join(f"{day}=00:00-23:59" for day in range(7))


@dataclass
class Server:
    """A running site and the passwords of its staff, by sign-in name."""

    url: str
    state: Path
    environment: dict[str, str]
    passwords: dict[str, str] = field(default_factory=dict)

    def careline(self, *arguments: str) -> str:
        """Run a careline command on this server's state; return what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "careline", *arguments],
            env=self.environment,
            cwd=REPOSITORY,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def environment_for(state: Path, port: int, **settings: str) -> dict[str, str]:
    """Return the environment of a server; on PostgreSQL it has a database of its own."""
    environment = {
        **os.environ,
        "CARELINE_HOME": str(state),
        "CARELINE_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "careline.settings.dev",
        "CHAT_HOLIDAYS_COUNTRY": "",
        **settings,
    }
    if environment.get("DATABASE_URL", "").startswith("postgres"):
        environment["DATABASE_URL"] = _own_database(environment["DATABASE_URL"])
    return environment


def _own_database(url: str) -> str:
    import environ
    import psycopg

    parts = environ.Env.db_url_config(url)
    name = f"journey_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(
        host=parts["HOST"],
        port=parts["PORT"] or None,
        user=parts["USER"],
        password=parts["PASSWORD"] or None,
        dbname=parts["NAME"],
        autocommit=True,
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return url.rsplit("/", 1)[0] + "/" + name


@contextmanager
def running(state: Path, **settings: str) -> Iterator[Server]:
    """Prepare a state folder, run web and worker on it, stop them at the end."""
    state.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = environment_for(state, port, **settings)
    server = Server(f"http://127.0.0.1:{port}", state, environment)
    server.passwords = passwords_in(server.careline("prepare", "--staff"))
    with (state / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "careline", "run"],
            env=environment,
            cwd=REPOSITORY,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/en/", timeout=20):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError((server.state / "server.log").read_text()[-4000:])


def passwords_in(printed: str) -> dict[str, str]:
    """Return the sign-in names and passwords that preparing printed."""
    return dict(re.findall(r"^\s+([a-z][\w.]+)\s+(\S{10,})(?:\s|$)", printed, re.MULTILINE))
