"""Whether a flood of questions from one place slows the answers to another.

    python bench/flood.py [--json FILE] [--seconds 20] [--connections 8]

Starts Careline with a state folder of its own behind one "proxy" (TRUSTED_PROXIES=1, so
that places can be told apart on one machine). A visitor asks a question each half second,
from a new place each time; first alone, then while one place asks on so many connections
as fast as it gets replies: as long as each place is allowed to, and refused after that. The
figure that has a limit is the visitor's median while the flood is refused over that without
a flood: LIMIT or less. The flood, the visitor and the server share the machine, so
the flood's own work is in the figure too.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

LIMIT = 2.0
EVERY_SECONDS = 0.5
# The flood has used up what it is allowed long before, unless the machine is very busy.
ALLOWANCE_SECONDS = 50.0
START_SECONDS = 300
REPOSITORY = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "what is PD-1",
    "how often is opdivo given",
    "is tiredness a side effect of immunotherapy",
    "what does avastin do",
    "who answers the phone",
)
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "keep-alive"}


def main() -> int:
    """Run both rounds; 1 when the limit isn't kept."""
    options = _options()
    with tempfile.TemporaryDirectory() as home:
        port = _free_port()
        server = _start(Path(home), port)
        try:
            _wait(port)
            found = measured(port, options.seconds, options.connections)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
    print(json.dumps(found, indent=2))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0 if found["ratio"] <= LIMIT else 1


def measured(port: int, seconds: float, connections: int) -> dict[str, object]:
    """Return the visitor's milliseconds without and with the flood, and what the flood got.

    First the flood still has what each place is allowed in a minute; then it is refused.
    """
    visitor(port, 3)
    alone = visitor(port, seconds)
    stop, statuses = threading.Event(), list[int]()
    floods = [
        threading.Thread(target=flood, args=(port, stop, statuses)) for _ in range(connections)
    ]
    for each in floods:
        each.start()
    allowed = visitor(port, ALLOWANCE_SECONDS, lambda: 429 in statuses)
    refused = visitor(port, seconds)
    stop.set()
    for each in floods:
        each.join()
    usual = statistics.median(alone)
    return {
        "alone": _spread(alone),
        "while the flood is allowed": _spread(allowed),
        "while the flood is refused": _spread(refused),
        "ratio while allowed": round(statistics.median(allowed) / usual, 2),
        "ratio": round(statistics.median(refused) / usual, 2),
        "limit": LIMIT,
        "flood": {str(code): statuses.count(code) for code in sorted(set(statuses))},
        "load": [round(each, 2) for each in os.getloadavg()],
    }


def visitor(
    port: int, seconds: float, is_enough: Callable[[], bool] = lambda: False
) -> list[float]:
    """Ask each half second, from a place of its own each time; return the milliseconds."""
    took, ends, number = [], time.monotonic() + seconds, 0
    while not took or (time.monotonic() < ends and not is_enough()):
        began = time.perf_counter()
        status = ask(
            port, QUESTIONS[number % len(QUESTIONS)], f"10.1.{number // 250}.{number % 250}"
        )
        took.append((time.perf_counter() - began) * 1000)
        if status != 200:
            sys.exit(f"The visitor got {status}.")
        number += 1
        time.sleep(max(0.0, EVERY_SECONDS - (time.perf_counter() - began)))
    return took


def flood(port: int, stop: threading.Event, statuses: list[int]) -> None:
    """Ask from one place, as fast as replies come."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not stop.is_set():
        statuses.append(ask(port, "what is PD-1", "10.9.9.9", connection))


def ask(
    port: int, question: str, place: str, connection: http.client.HTTPConnection | None = None
) -> int:
    """Post one question; return the status."""
    line = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = urllib.parse.urlencode({"question": question})
    line.request("POST", "/en/ask/", body, {**FORM, "X-Forwarded-For": place})
    reply = line.getresponse()
    reply.read()
    if connection is None:
        line.close()
    return reply.status


def _spread(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {
        "asked": len(took),
        "median ms": round(statistics.median(ordered), 1),
        "p95 ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "worst ms": round(ordered[-1], 1),
    }


def _start(home: Path, port: int) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "CARELINE_HOME": str(home),
        "CARELINE_PORT": str(port),
        "TRUSTED_PROXIES": "1",
        "PYTHONPATH": str(REPOSITORY),
    }
    with (home / "server.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "careline", "run"],
            env=environment,
            cwd=REPOSITORY,
            stdout=log,
            stderr=log,
        )


def _wait(port: int) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        try:
            if ask(port, "what is PD-1", "10.0.0.1") == 200:
                return
        except OSError:
            time.sleep(0.5)
    sys.exit("The server didn't start.")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--connections", type=int, default=8)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
