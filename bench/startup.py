"""How fast a newcomer has a working site, and what it costs at rest.

    python bench/startup.py --json FILE [--repository FOLDER]

Clones the repository (committed state) into an empty folder with an empty home
and empty package caches, runs `make run` there twice, and prints each figure as
a ratio to its limit: below 1 is within the budget. Needs git, make and Python.
"""

import argparse
import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

LIMITS = {
    "first_start_seconds": 300.0,
    "second_start_seconds": 6.0,
    "resident_megabytes": 450.0,
    "home_first_load_kilobytes": 60.0,
}
REST_SECONDS = 5
STOP_SECONDS = 20


def main() -> int:
    """Measure, print, write JSON. Exit status 1 when a budget is overrun."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--repository", type=Path, default=Path(__file__).resolve().parent.parent)
    options = parser.parse_args()
    workplace = Path(tempfile.mkdtemp(prefix="careline-startup-"))
    try:
        figures = measure(options.repository, workplace)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    rows = {
        name: {
            "measured": round(value, 2),
            "limit": LIMITS[name],
            "ratio": round(value / LIMITS[name], 3),
        }
        for name, value in figures.items()
    }
    options.json.write_text(json.dumps(rows, indent=2) + "\n")
    for name, row in rows.items():
        print(f"{name:<28} {row['measured']:>9} of {row['limit']:>6}   ratio {row['ratio']}")
    return int(any(row["ratio"] > 1 for row in rows.values()))


def measure(repository: Path, workplace: Path) -> dict[str, float]:
    """Return the measured figures, in the units that their names say."""
    clone, home = workplace / "careline", workplace / "home"
    home.mkdir()
    subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True)
    environment = fresh_environment(home)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment["CARELINE_PORT"] = str(port)
    site = f"http://127.0.0.1:{port}"

    first, process = start(clone, environment, site)
    stop(process)
    second, process = start(clone, environment, site)
    try:
        ask(site)
        time.sleep(REST_SECONDS)
        return {
            "first_start_seconds": first,
            "second_start_seconds": second,
            "resident_megabytes": resident_megabytes(process.pid),
            "home_first_load_kilobytes": first_load_kilobytes(f"{site}/en/"),
        }
    finally:
        stop(process)


def fresh_environment(home: Path) -> dict[str, str]:
    """Return an environment with an empty home, so with empty package caches."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CARELINE_", "VIRTUAL_ENV", "UV_CACHE", "XDG_", "DJANGO_"))
    }
    return {**kept, "HOME": str(home)}


def start(
    clone: Path, environment: dict[str, str], site: str
) -> tuple[float, "subprocess.Popen[bytes]"]:
    """Run `make run`; return the seconds until the home page came, and the process."""
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "run"], cwd=clone, env=environment, stdout=sys.stderr, start_new_session=True
    )
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{site}/en/", timeout=10) as reply:
                if reply.status == 200:
                    return time.monotonic() - began, process
        except OSError:
            time.sleep(0.05)
    raise SystemExit("make run ended before the site came up.")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop as a person would, by an interrupt, and wait."""
    # A terminal's Ctrl+C reaches the whole group, make and what it started.
    os.killpg(process.pid, signal.SIGINT)
    process.wait(STOP_SECONDS)


def ask(site: str) -> None:
    """Ask one question, so that the encoder is loaded when memory is read."""
    request = urllib.request.Request(
        f"{site}/api/ask",
        data=json.dumps({"question": "What are common side effects?"}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        if not json.load(reply)["answered"]:
            raise SystemExit("The site came up but did not answer the question.")


def resident_megabytes(top: int) -> float:
    """Return the resident memory of the web and worker processes below `top`, in MB."""
    total, waiting = 0, [top]
    while waiting:
        pid = waiting.pop()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        waiting += [int(child) for child in children]
        command = Path(f"/proc/{pid}/cmdline").read_text()
        if "uvicorn" in command or "worker" in command:
            status = Path(f"/proc/{pid}/status").read_text()
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            total += int(found[1]) * 1024 if found else 0
    return total / 1e6


def first_load_kilobytes(url: str) -> float:
    """Return the compressed size of a page and all that a browser loads with it, in kB."""
    html, size = fetch(url)
    assets = re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]+)"[^>]*>', html)
    tags = re.findall(r"<(?:link|script|img)\b[^>]*>", html)
    loaded = [
        tag for tag in tags if re.search(r'rel="(?:stylesheet|icon|modulepreload)"|\ssrc="', tag)
    ]
    addresses = {found for tag in loaded for found in re.findall(r'(?:href|src)="([^"]+)"', tag)}
    return (size + sum(fetch(urljoin(url, each))[1] for each in addresses & set(assets))) / 1e3


def fetch(url: str) -> tuple[str, int]:
    """Return a resource's text and its size in bytes when compressed with gzip."""
    with urllib.request.urlopen(url, timeout=30) as reply:
        body = reply.read()
    return body.decode("utf-8", "replace"), len(gzip.compress(body, 6))


if __name__ == "__main__":
    sys.exit(main())
