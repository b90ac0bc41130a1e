"""``careline run``: web and worker as two processes, started and stopped together; or, where
something else looks after processes, one of them: ``careline run web``, ``live`` or ``worker``.

Reads the settings, but runs before Django is set up: a second start may not pay for it twice.
"""

import ctypes
import errno
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from django.conf import settings

from careline.core import preparation
from careline.core.messages_catalogue import compile_stale

STOP_SECONDS = 15
START_SECONDS = 120
PR_SET_PDEATHSIG = 1  # prctl(2)
RESTART_PAUSE_SECONDS = 3
WORKER_COMMAND = [sys.executable, "-m", "careline", "worker"]
# Each open stream is an open file, and most systems give a process 1,024 unless it asks.
OPEN_FILES = 65_536
# A live process is the same program as a web process: the proxy sends /live/ to it, and it
# doesn't hold ready what only pages need.
ROLES = ("web", "live", "worker")


class Supervisor:
    """Starts the two processes, restarts a worker that died, stops both on a signal."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.stopping = False
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Run until a signal comes or the web process ends; return the exit status."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._on_signal)
        self.web = self._start(web_command(self.host, self.port))
        self.worker = self._start(WORKER_COMMAND)
        if self._wait_until_up():
            self._say_addresses()
        return self._watch()

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        # Their own session: Ctrl+C reaches only this process, which stops them in order.
        return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _wait_until_up(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while not self.stopping and time.monotonic() < deadline:
            if self.web is None or self.web.poll() is not None:
                return False
            if is_up(self.host, self.port):
                return True
            time.sleep(0.1)
        return False

    def _say_addresses(self) -> None:
        local = self.host in ("127.0.0.1", "0.0.0.0")  # noqa: S104
        at = f"http://{'localhost' if local else self.host}:{self.port}"
        print(
            f"\nCareline is running.\n\n"
            f"  For visitors   {at}/\n"
            f"  The desk       {at}/desk/\n"
            f"  The editor     {at}/editor/\n\n"
            f"State is kept in {settings.STATE_DIR}\n"
            "Stop with Ctrl+C.\n",
            flush=True,
        )

    def _watch(self) -> int:
        while not self.stopping:
            if self.web is None or self.web.poll() is not None:
                print("The web process ended. Its last words are above.", file=sys.stderr)
                self._stop_all()
                return 1
            if self.worker is not None and self.worker.poll() is not None:
                print("The worker ended; starting it again.", file=sys.stderr)
                time.sleep(RESTART_PAUSE_SECONDS)
                self.worker = self._start(WORKER_COMMAND)
            time.sleep(0.3)
        self._stop_all()
        print("Careline has stopped.", flush=True)
        return 0

    def _stop_all(self) -> None:
        running = [process for process in (self.web, self.worker) if process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def _end_with_parent() -> None:
    """Ask Linux to stop this process when its parent dies, even by SIGKILL.

    Else a web process would go on by itself, hold the port, and nobody would see it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def web_command(host: str, port: int) -> list[str]:
    """Return the command of the web process.

    No access log: it would hold addresses and searches. Open streams may not
    hold up a stop, hence the short graceful shutdown.
    """
    return [
        *(sys.executable, "-m", "uvicorn", "careline.asgi:application"),
        *("--host", host, "--port", str(port)),
        *("--no-access-log", "--log-level", "warning", "--no-server-header"),
        *("--timeout-graceful-shutdown", "2", "--backlog", "2048"),
    ]


def allow_many_streams() -> None:
    """Ask for as many open files as this user may have; the processes started later inherit it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(most, _soft), hard))


def is_up(host: str, port: int) -> bool:
    """Return whether the site answers; a refusal, of this host's name for one, is an answer."""
    name = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{name}:{port}/health/live", timeout=5) as reply:
            return bool(reply.status == 200)
    except urllib.error.HTTPError as refused:
        return refused.code < 500
    except OSError:
        return False


def why_not_listen(host: str, port: int) -> str:
    """Return why nobody can listen there, in words that say what to do; empty if one can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return f"This user may not listen on port {port}. Choose one from 1024, such as 8000."
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"Something already listens on port {port}. Stop it, or choose another port:\n"
                    f"  CARELINE_PORT={port + 1 if port < 65_535 else 8000} make run"
                )
            return (
                f"CARELINE_HOST={host} isn't an address of this machine. "
                "Use 127.0.0.1 for this machine alone, or 0.0.0.0 for its whole network."
            )
    return ""


def run(role: str = "") -> int:
    """Run web and worker, after preparing what is missing; with a role, become that process.

    Return the exit status; with a role, only where it can't be started.
    """
    if role and role not in ROLES:
        print(f"There is no role {role}. It has to be one of: {', '.join(ROLES)}.", file=sys.stderr)
        return 2
    host, port = settings.LISTEN_HOST, settings.LISTEN_PORT
    if role != "worker" and (words := why_not_listen(host, port)):
        print(words, file=sys.stderr)
        return 1
    allow_many_streams()
    if role:
        return _become(role, host, port)
    compile_stale()
    if not preparation.is_prepared(with_staff=settings.DEMONSTRATION_STAFF):
        command = [sys.executable, "-m", "careline", "prepare", "--staff"]
        if subprocess.call(command) != 0:
            return 1
    return Supervisor(host, port).run()


def _become(role: str, host: str, port: int) -> int:
    if not preparation.is_prepared(with_staff=False):
        # Several start at once: none of them may migrate by itself.
        print("This machine isn't prepared. Run first: careline prepare", file=sys.stderr)
        return 1
    command = WORKER_COMMAND if role == "worker" else web_command(host, port)
    os.environ["CARELINE_ROLE"] = role
    sys.stdout.flush()
    # Signals then reach it, and nothing stands between it and whoever looks after it.
    os.execv(command[0], command)  # noqa: S606
    return 0  # Never reached.
