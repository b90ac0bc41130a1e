"""What live messages cost and how soon they come, beside the ceiling and other servers.

    python bench/live.py --streams 2000 --seconds 10 --json FILE [--only careline,ceiling]

Each contender in turn gets the same work on this machine: so many open streams, two for each
conversation; messages from both sides as fast as they are acknowledged, then at a fixed rate.
A message counts once it is stored (on disk at each commit), numbered, and acknowledged;
delivery is its arrival on the other side's stream.

==================  ==========================================================================
careline-*          `careline run`'s own web process in production's settings: token or staff
                    session checked, words sealed, danger assessed, limits counted, audit on
ceiling-*           a bare ASGI app on the same server program: same group commit, same
                    durability, same fan-out, nothing else
channels            Django Channels with Redis, rows by the ORM on PostgreSQL, WebSockets
prosody             a chat server from Debian (XMPP), its message archive on PostgreSQL
synapse             a chat server from PyPI (Matrix), on PostgreSQL; at most 100 streams
==================  ==========================================================================

Processor time is that of the server's processes; on PostgreSQL that of PostgreSQL and Redis is
counted too. Judging visitors' words for danger, which no other contender does, is in Careline's
figures; how much of them it is stands beside. The load runs in a process of its own and isn't
counted, but shares the machine: messages a second are bound by both, messages per processor
second are not. Memory is what the server's processes hold more with all streams open and idle
than before.

Channels and Synapse are installed into an environment of their own (var/bench-live) at the first
run. A contender that isn't there is named and left out. Exit status 1 when a goal isn't met.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from live_contest import machine
from live_contest.chat_servers import Prosody, Synapse
from live_contest.contenders import Bare, Careline, Channels, Contender, Services, compare

OF_CEILING = 0.6
OF_CHAT_SERVER = 10.0
P99_MILLISECONDS = 50.0
IDLE_BYTES = 300e6 / 10_000  # a stream
SENDERS = 96
WARM_SECONDS = 2.0
SETTLE_SECONDS = 1.5
RESTING_CPU = 0.05
EXTRA = machine.REPOSITORY / "var" / "bench-live"
CONTENDERS: dict[str, Callable[[Services, int], Contender]] = {
    "ceiling-sqlite": lambda s, n: Bare(s, n, on_postgresql=False),
    "careline-sqlite": lambda s, n: Careline(s, n, on_postgresql=False),
    "ceiling-postgresql": lambda s, n: Bare(s, n, on_postgresql=True),
    "careline-postgresql": lambda s, n: Careline(s, n, on_postgresql=True),
    "channels": Channels,
    "prosody": Prosody,
    "synapse": Synapse,
}
Figures = dict[str, Any]


def main() -> int:
    """Run all contenders; print, write JSON. 1 when a goal isn't met."""
    options = _options()
    machine.allow_open_files(options.streams)
    # Stopped from outside, the servers are stopped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = [name for name in CONTENDERS if name.startswith(tuple(options.only.split(",")))]
    folder = Path(tempfile.mkdtemp(prefix="careline-live-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user than root.
    found: dict[str, Figures] = {}
    try:
        with _services(folder, wanted) as services:
            for name in wanted:
                found[name] = _tried(name, services, options)
                print(_line(name, found[name]), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result = {
        "streams": options.streams,
        "seconds": options.seconds,
        "rate": options.rate,
        "cores": os.cpu_count(),
        "load": [round(each, 2) for each in os.getloadavg()],
        "contenders": found,
        "goals": _goals(found),
    }
    options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    for goal in result["goals"]:
        print(f"{'met   ' if goal['met'] else 'MISSED'} {goal['what']}: {goal['measured']}")
    return int(not all(goal["met"] for goal in result["goals"]))


@contextmanager
def _services(folder: Path, wanted: list[str]) -> Iterator[Services]:
    services = Services(folder)
    if {"channels", "synapse"} & set(wanted):
        services.extra_python = _extra_python()
    with ExitStack() as stack:
        if any(not name.endswith("sqlite") for name in wanted):
            services.postgresql, services.postgresql_pid = stack.enter_context(
                machine.postgresql(folder)
            )
            services.redis, services.redis_pid = stack.enter_context(machine.redis(folder))
        yield services


def _extra_python() -> str:
    """Return the Python that has the peers; empty, with words, where they can't be installed."""
    python = EXTRA / "bin" / "python"
    wanted = (machine.BENCH / "live-requirements.txt").read_text(encoding="utf-8")
    mark = EXTRA / "installed.txt"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return str(python)
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") or "uv"
    requirements = str(machine.BENCH / "live-requirements.txt")
    try:
        subprocess.run(
            [uv, "venv", "-q", "--clear", "--python", sys.executable, str(EXTRA)], check=True
        )
        subprocess.run(
            [uv, "pip", "install", "-q", "--python", str(python), "-r", requirements], check=True
        )
    except (OSError, subprocess.CalledProcessError):
        print("Channels and Synapse could not be installed: measured without them.")
        return ""
    mark.write_text(wanted, encoding="utf-8")
    return str(python)


def _tried(name: str, services: Services, options: argparse.Namespace) -> Figures:
    """Measure one contender; what goes wrong with one stops no other."""
    if name in ("channels", "synapse") and not services.extra_python:
        return {"absent": "its environment could not be installed"}
    if name == "prosody" and (why := Prosody.missing()):
        return {"absent": why}
    contender = CONTENDERS[name](services, options.streams)
    try:
        contender.start()
        return _measured(contender, options)
    except Exception as error:
        log = contender.folder / "server.log"
        last = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        print(f"{name}: {type(error).__name__}: {error}\n{last}", file=sys.stderr)
        return {"absent": f"{type(error).__name__}: {error}"}
    finally:
        contender.stop()


class _LoadProcess:
    """The process that makes the load."""

    def __init__(self, contender: Contender) -> None:
        plan = contender.folder / "plan.json"
        plan.write_text(json.dumps(contender.plan()), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "live_contest.load", str(plan)],
            cwd=machine.BENCH,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **command: Any) -> Figures:
        """Have one thing done; return the first answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self.answer()

    def answer(self) -> Figures:
        """Return the next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The load ended early.")
        found: Figures = json.loads(line)
        return found

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def _measured(contender: Contender, options: argparse.Namespace) -> Figures:
    _wait_until_it_rests(contender)
    load = _LoadProcess(contender)
    try:
        before = machine.resident_bytes([contender.server_pid])
        opened = load.ask(do="open")
        time.sleep(SETTLE_SECONDS)
        more = machine.resident_bytes([contender.server_pid]) - before
        _phase(load, contender, do="closed", seconds=WARM_SECONDS, senders=SENDERS)
        full = _phase(load, contender, do="closed", seconds=options.seconds, senders=SENDERS)
        rate = min(options.rate, max(1, int(full["messages_per_second"] / 2)))
        paced = _phase(load, contender, do="paced", seconds=options.seconds, rate=rate)
        acknowledged = contender.folder / "acknowledged.jsonl"
        arrived = load.ask(do="check", file=str(acknowledged))
    finally:
        load.end()
    stored = compare(acknowledged, contender)
    return {
        "streams": contender.streams,
        "opened_in_seconds": opened["seconds"],
        "messages_per_second": full["messages_per_second"],
        "messages_per_cpu_second": full["messages_per_cpu_second"],
        "per_cpu_second_but_for_danger": full["per_cpu_second_but_for_danger"],
        "p50_ms": paced["p50_ms"],
        "p99_ms": paced["p99_ms"],
        "bytes_per_stream": round(more / contender.streams),
        "additional_megabytes": round(more / 1e6, 1),
        "lost": arrived["lost"] + stored["lost"],
        "doubled": arrived["doubled"] + stored["doubled"],
        "altered": arrived["altered"] + stored["altered"],
        "acknowledged": arrived["acknowledged"],
        "unanswered": arrived["unanswered"],
        "refused": arrived["refused"],
        "full_load": full,
        "paced": {"rate": rate, **paced},
        "load": round(os.getloadavg()[0], 2),
    }


def _wait_until_it_rests(contender: Contender) -> None:
    """Wait until what a server does after its start is over, half a minute at most."""
    for _second in range(30):
        before = machine.cpu_seconds([contender.server_pid])
        time.sleep(1)
        if machine.cpu_seconds([contender.server_pid]) - before < RESTING_CPU:
            return


def _phase(load: _LoadProcess, contender: Contender, **command: Any) -> Figures:
    parts = contender.counted
    danger = contender.danger_seconds()
    before = {name: machine.cpu_seconds([pid]) for name, pid in parts.items()}
    load.ask(**command)  # Answers when the time is over.
    each = {name: machine.cpu_seconds([pid]) - before[name] for name, pid in parts.items()}
    used = sum(each.values())
    danger = contender.danger_seconds() - danger
    figures = load.answer()
    done = figures["acknowledged"]
    return {
        **figures,
        "messages_per_second": round(done / figures["seconds"], 1),
        "messages_per_cpu_second": round(done / max(used, 0.01), 1),
        "per_cpu_second_but_for_danger": round(done / max(used - danger, 0.01), 1),
        "cpu_microseconds_each": round(1e6 * used / max(done, 1)),
        "danger_microseconds_each": round(1e6 * danger / max(done, 1)),
        "cpu_seconds": {name: round(value, 2) for name, value in each.items()},
    }


def _goals(found: dict[str, Figures]) -> list[Figures]:
    """Return each goal, what was measured, and whether it was met."""
    goals: list[Figures] = []

    def goal(what: str, measured: float, met: bool) -> None:
        goals.append({"what": what, "measured": measured, "met": met})

    there = {name: each for name, each in found.items() if "absent" not in each}
    for name in [each for each in there if each.startswith("careline-")]:
        own, ceiling = there[name], there.get(name.replace("careline", "ceiling"))
        if ceiling:
            ratio = _ratio(own, ceiling, "messages_per_cpu_second")
            goal(f"{name} of the ceiling, per CPU-second", ratio, ratio >= OF_CEILING)
            but = _ratio(own, ceiling, "per_cpu_second_but_for_danger")
            print(f"       {name} of the ceiling but for judging words for danger: {but}")
        for other in ("prosody", "synapse", "channels"):
            if other in there:
                ratio = _ratio(own, there[other], "messages_per_cpu_second")
                wanted = OF_CHAT_SERVER if other != "channels" else 1.0
                goal(f"{name} over {other}, per CPU-second", ratio, ratio >= wanted)
        goal(f"{name} p99 in ms at {own['paced']['rate']}/s", own["p99_ms"],
             own["p99_ms"] is not None and own["p99_ms"] < P99_MILLISECONDS)  # fmt: skip
        goal(f"{name} bytes per idle stream", own["bytes_per_stream"],
             own["bytes_per_stream"] <= IDLE_BYTES)  # fmt: skip
        wrong = own["lost"] + own["doubled"] + own["altered"] + own["unanswered"]
        goal(f"{name} lost, doubled, altered or unanswered", wrong, wrong == 0)
    return goals


def _ratio(one: Figures, other: Figures, what: str) -> float:
    return round(one[what] / max(other[what], 0.001), 2)


def _line(name: str, each: Figures) -> str:
    if "absent" in each:
        return f"{name:<20} absent: {each['absent']}"
    return (
        f"{name:<20} {each['messages_per_second']:>8} msg/s"
        f" {each['messages_per_cpu_second']:>8} per CPU-s"
        f"  p50/p99 {each['p50_ms']}/{each['p99_ms']} ms at {each['paced']['rate']}/s"
        f"  {each['bytes_per_stream']:>7} bytes a stream ({each['streams']})"
        f"  lost {each['lost']} doubled {each['doubled']}"
        + (f"  refused {each['refused']}" if each["refused"] else "")
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--streams", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=int, default=500, help="messages a second, when paced")
    parser.add_argument("--only", default="", help="beginnings of names, commas between")
    options = parser.parse_args()
    options.streams += options.streams % 2
    return options


if __name__ == "__main__":
    sys.exit(main())
