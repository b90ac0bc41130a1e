"""Questions by the hundred beside live chat: does the chat's speed hold?

    python bench/asking.py --json FILE [--seconds 60] [--rate 100] [--visitors 20]

Starts Careline with a state folder of its own. Visitors chat, each with an open stream; a message's
time is from sending it until its own stream brings it back, stored. First they chat alone, then
beside so many questions a second to /api/ask, each on its schedule whether or not the ones before
are answered. The limits: every question answered, the rate held, and chat's p99 not worse by more
than a half. The clients run on the same machine, in processes of their own.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pages

LIMIT = 1.5
HELD = 0.98
CONNECTIONS = 16
TIMEOUT = 120
# Run beside the server, on its state folder: chats as the page opens them, with their cookies.
OPEN = """
import json, sys, uuid
import django
django.setup()
from careline.contacts import actions, tokens
for _ in range(int(sys.argv[1])):
    start = uuid.uuid4().hex
    made = actions.open_chat(language="en", topic="", name="", text="Hello", start_id=start)
    print(json.dumps([str(made.pk), f"{tokens.COOKIE}={tokens.token_of(made.pk)}"]))
"""
QUESTIONS = [
    ("en", "what is immunotherapy"),
    ("en", "how often do i get nivolumab"),
    ("en", "my skin itches since the infusion, is that normal?"),
    ("en", "how long do I have left"),
    ("en", "Can I drink grapefruit juice with sorafenib? And how many mg should I take?"),
    ("en", "does insurance pay for this"),
    ("en", "I quit smoking last week and I can't sleep. What helps?"),
    ("en", "whats the diff between atezo bev and durva treme"),
    ("es", "¿qué es un inhibidor de puntos de control?"),
    ("es", "me duele la barriga después del tratamiento"),
    ("es", "cada cuánto ponen nivolumab"),
    ("en", "what should the weather be like for a barbecue"),
]


@dataclass
class Visitor:
    """One person who chats: the contact, the token's cookie, and where messages come back."""

    port: int
    place: str
    contact: str
    cookie: str
    sent: dict[str, float] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)

    def _headers(self, cookies: str, kind: str) -> dict[str, str]:
        return {
            "Cookie": cookies,
            "Content-Type": kind,
            "Origin": f"http://127.0.0.1:{self.port}",
            "X-Forwarded-For": self.place,
        }

    def listen(self, until: float) -> None:
        """Read the stream and note when each message came back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT) as stream:
            lines = [
                f"GET /live/contacts/{self.contact}/events HTTP/1.1",
                f"Host: 127.0.0.1:{self.port}",
                f"Cookie: {self.cookie}",
                f"X-Forwarded-For: {self.place}",
            ]
            stream.sendall("\r\n".join([*lines, "", ""]).encode())
            rest = b""
            while time.monotonic() < until:
                rest = self._note(rest + stream.recv(65536))

    def _note(self, data: bytes) -> bytes:
        now = time.monotonic()
        for marked in re.findall(rb"bench-([0-9a-f]{32})", data):
            began = self.sent.pop(marked.decode(), None)
            if began is not None:
                self.taken.append((now - began) * 1000)
        return data[-64:]

    def talk(self, until: float) -> None:
        """Send a message about every second."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        while time.monotonic() < until - 3:
            mark = uuid.uuid4().hex
            body = json.dumps({"client_id": str(uuid.uuid4()), "text": f"bench-{mark}"})
            self.sent[mark] = time.monotonic()
            path = f"/live/contacts/{self.contact}/messages"
            link.request("POST", path, body, self._headers(self.cookie, "application/json"))
            reply = link.getresponse()
            reply.read()
            if reply.status != 201:
                raise SystemExit(f"A message was refused: {reply.status}")
            time.sleep(0.75 + 0.5 * random.random())  # noqa: S311 (people's rhythm)


def main() -> int:
    """Measure, print, write JSON. Exit status 1 when a limit isn't met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--visitors", type=int, default=20)
    options = parser.parse_args()
    workplace = Path(tempfile.mkdtemp(prefix="careline-asking-"))
    os.environ["TRUSTED_PROXIES"] = "1"  # Each person asks from a place of their own.
    port = pages.free_port()
    server = pages.start(workplace / "home", port)
    try:
        figures = measure(port, workplace / "home", options)
    finally:
        pages.stop(server)
        shutil.rmtree(workplace, ignore_errors=True)
    options.json.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))
    return int(not figures["met"])


def measure(port: int, home: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return chat's times alone and beside the questions, and the questions' own."""
    before = os.getloadavg()
    asked(port, 5, 10)  # The index is there.
    first, second = (opened(port, home, options.visitors) for _ in range(2))
    alone = chatted(first, options.seconds / 2)
    context = multiprocessing.get_context("fork")
    told = context.SimpleQueue()
    asking = context.Process(target=lambda: told.put(asked(port, options.seconds, options.rate)))
    asking.start()
    beside = chatted(second, options.seconds)
    asking.join()
    questions = told.get()
    ratio = round(beside["p99 ms"] / alone["p99 ms"], 2)
    held = questions["answered"] == questions["sent"] and (
        questions["a second"] >= HELD * options.rate
    )
    return {
        "load before": before,
        "chat alone": alone,
        "chat beside questions": beside,
        "questions": questions,
        "chat p99 ratio": ratio,
        "limit": LIMIT,
        "met": bool(held and ratio <= LIMIT),
    }


def opened(port: int, home: Path, visitors: int) -> list[Visitor]:
    """Return visitors whose chats wait in the queue."""
    environment = {
        **os.environ,
        "CARELINE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "careline.settings.dev",
    }
    command = [sys.executable, "-c", OPEN, str(visitors)]
    told = subprocess.run(
        command, cwd=pages.REPOSITORY, env=environment, stdout=subprocess.PIPE, check=True
    )
    lines = [line for line in told.stdout.decode().splitlines() if line.startswith('["')]
    made = [json.loads(line) for line in lines]
    return [Visitor(port, f"10.9.0.{at}", *each) for at, each in enumerate(made)]


def chatted(people: list[Visitor], seconds: float) -> dict[str, float]:
    """Let them chat; return the times of their messages."""
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=work, args=(until,), daemon=True)
        for person in people
        for work in (person.listen, person.talk)
    ]
    for thread in threads:
        thread.start()
    while time.monotonic() < until:
        time.sleep(0.1)
    lost = sum(len(person.sent) for person in people)
    return {**spread([each for person in people for each in person.taken]), "lost": lost}


def asked(port: int, seconds: float, rate: float) -> dict[str, float]:
    """Ask on schedule; return how many were answered, how fast, and their times."""
    began = time.monotonic()
    taken: list[float] = []
    links = threading.local()

    def ask(number: int) -> None:
        due = began + number / rate
        time.sleep(max(due - time.monotonic(), 0))
        if not hasattr(links, "link"):
            links.link = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        language, question = QUESTIONS[number % len(QUESTIONS)]
        place = f"10.{number % 200}.{number // 200 % 200}.7"
        headers = {"Content-Type": "application/json", "X-Forwarded-For": place}
        body = json.dumps({"question": question, "language": language})
        links.link.request("POST", "/api/ask", body, headers)
        reply = links.link.getresponse()
        reply.read()
        if reply.status == 200:
            taken.append((time.monotonic() - due) * 1000)

    sent = int(seconds * rate)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(ask, range(sent)))
    rate_held = len(taken) / (time.monotonic() - began)
    return {**spread(taken), "sent": sent, "answered": len(taken), "a second": round(rate_held, 1)}


def spread(taken: list[float]) -> dict[str, float]:
    """Return the count, the median and the 99th percentile."""
    ordered = sorted(taken) or [0.0]
    at = min(len(ordered) - 1, int(len(ordered) * 0.99))
    return {
        "count": len(taken),
        "p50 ms": round(ordered[len(ordered) // 2], 1),
        "p99 ms": round(ordered[at], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
