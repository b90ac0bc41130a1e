"""How fast a published article comes, beside the same bytes as a static file.

    python bench/pages.py --json FILE [--seconds 3] [--rounds 5]

Starts Careline with a state folder of its own, then asks in turns, over kept-open
connections, for an article (from the pages kept ready), for the same bytes as a
static file of the same server, and for the same bytes from nginx (Debian's, one
worker) where that is installed. The median of the rounds counts. The figure that
has a limit is article over static: LIMIT or more. The client is plain Python and
runs on the same machine, so nginx is faster than it can show here.
"""

import argparse
import gzip
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

LIMIT = 0.5
ARTICLE = "/en/side-effects/"
STATIC = "/static/bench/article.html"
CONNECTIONS = 4
RENDERED = 60
STOP_SECONDS = 20
START_SECONDS = 300
REPOSITORY = Path(__file__).resolve().parent.parent
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; gzip_static on; keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def main() -> int:
    """Measure, print, write JSON. Exit status 1 when the ratio is below its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    workplace = Path(tempfile.mkdtemp(prefix="careline-pages-"))
    try:
        figures = measure(workplace, options.seconds, options.rounds)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    options.json.write_text(json.dumps(figures, indent=2) + "\n")
    report(figures)
    return int(figures["ratio_to_static"] < LIMIT)


def measure(workplace: Path, seconds: float, rounds: int) -> dict[str, float]:
    """Return requests per second of each contender, their ratios, and sizes."""
    home = workplace / "home"
    port = free_port()
    server = start(home, port)
    try:
        body = fetch(port, ARTICLE)
    finally:
        stop(server)
    put(home / "static" / "bench", body)
    server = start(home, port)
    nginx = start_nginx(workplace, home)
    try:
        ports = {"article": (port, ARTICLE), "static": (port, STATIC)}
        if nginx:
            ports["nginx"] = (nginx[1], STATIC)
        assert_same(ports, body)
        rates = rates_in_turns(ports, seconds, rounds)
        rates["rendered_milliseconds"] = rendered_milliseconds(port)
    finally:
        stop(server)
        if nginx:
            stop(nginx[0])
    return {**rates, **ratios(rates), "page_bytes": len(body), "connections": CONNECTIONS}


def ratios(rates: dict[str, float]) -> dict[str, float]:
    """Return the article's rate over each peer's."""
    return {
        f"ratio_to_{name}": round(rates["article"] / rates[name], 3)
        for name in ("static", "nginx")
        if name in rates
    }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def start(home: Path, port: int) -> "subprocess.Popen[bytes]":
    """Start Careline with this state folder; return once the article comes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "careline", "run"],
        cwd=REPOSITORY,
        env={**kept, "CARELINE_HOME": str(home), "CARELINE_PORT": str(port)},
        stdout=sys.stderr,
        start_new_session=True,
    )
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            fetch(port, ARTICLE)
            return process
        except OSError:
            time.sleep(0.2)
    stop(process)
    raise SystemExit("Careline did not come up.")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop as a person would, by an interrupt, and wait."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(STOP_SECONDS)


def put(folder: Path, body: bytes) -> None:
    """Write the bytes as a static file, packed beside it as Careline's own are."""
    folder.mkdir(parents=True)
    (folder / "article.html").write_bytes(body)
    (folder / "article.html.gz").write_bytes(gzip.compress(body, 9))


def start_nginx(workplace: Path, home: Path) -> "tuple[subprocess.Popen[bytes], int] | None":
    """Start nginx over the same file; None, with words, where it isn't installed."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        print("nginx isn't installed (apt-get install nginx): measured without it.")
        return None
    folder, port = workplace / "nginx", free_port()
    folder.mkdir()
    # An unprivileged worker has to reach the file.
    workplace.chmod(0o755)
    for path in (home, home / "static"):
        path.chmod(0o755)
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, port=port, root=home))
    process = subprocess.Popen([program, "-c", str(file)], start_new_session=True)
    for _ in range(50):
        try:
            fetch(port, STATIC)
            return process, port
        except OSError:
            time.sleep(0.1)
    stop(process)
    print("nginx did not start: measured without it.")
    return None


def fetch(port: int, path: str) -> bytes:
    """Return a page's bytes, not packed."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as reply:
        return bytes(reply.read())


def assert_same(ports: dict[str, tuple[int, str]], body: bytes) -> None:
    """End the run where a contender serves other bytes: it would be another race."""
    for name, (port, path) in ports.items():
        if fetch(port, path) != body:
            raise SystemExit(f"{name} serves other bytes.")


def rates_in_turns(
    ports: dict[str, tuple[int, str]], seconds: float, rounds: int
) -> dict[str, float]:
    """Return the median of requests per second of each, asked in turns, as browsers ask."""
    found: dict[str, list[float]] = {name: [] for name in ports}
    for _ in range(rounds):
        for name, (port, path) in ports.items():
            found[name].append(rate(port, path, seconds))
    return {name: round(statistics.median(values), 1) for name, values in found.items()}


def rate(port: int, path: str, seconds: float) -> float:
    """Return requests per second over a few connections that stay open."""
    end = time.monotonic() + seconds
    counts = [0] * CONNECTIONS
    threads = [
        threading.Thread(target=ask, args=(port, path, end, counts, number))
        for number in range(CONNECTIONS)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def ask(port: int, path: str, end: float, counts: list[int], number: int) -> None:
    """Ask for the page, packed, again and again until the moment `end`."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Encoding: gzip", "", ""]
    request = "\r\n".join(lines).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        while time.monotonic() < end:
            connection.sendall(request)
            read_reply(connection)
            counts[number] += 1


def read_reply(connection: socket.socket) -> None:
    """Read one reply whole; end the run on anything but 200."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(head.split(b"\r\n")[0].decode())
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    left = int(headers[b"content-length"]) - len(body)
    while left > 0:
        left -= len(connection.recv(min(left, 65536)))


def rendered_milliseconds(port: int) -> float:
    """Return the median time of the article made anew, as who brings another cookie gets it."""
    times = []
    for _ in range(RENDERED):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{ARTICLE}", headers={"Cookie": "somebody=1"}
        )
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=30) as reply:
            reply.read()
        times.append(1000 * (time.monotonic() - began))
    return round(statistics.median(times), 1)


def report(figures: dict[str, float]) -> None:
    """Print what was measured."""
    for name in ("article", "static", "nginx"):
        if name in figures:
            print(f"{name:<10} {figures[name]:>9} requests a second")
    print(f"rendered   {figures['rendered_milliseconds']:>9} milliseconds a page")
    print(f"article over static {figures['ratio_to_static']} (limit {LIMIT} or more)")
    if "ratio_to_nginx" in figures:
        print(f"article over nginx  {figures['ratio_to_nginx']}")


if __name__ == "__main__":
    sys.exit(main())
