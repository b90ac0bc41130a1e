"""Processes die while people talk: afterwards everything acknowledged is there, once and in order,
and everybody has a next step.

Real processes: two web processes, a worker, PostgreSQL, Redis. A visitor and a specialist hold
on to different web processes, and come back elsewhere when one is gone, as browsers do.
"""

import asyncio
import datetime as dt
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection

from careline.accounts.actions import Training, set_competencies
from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import actions, presence, tokens
from careline.contacts import log as contact_log
from careline.contacts.enums import EventKind, Status
from careline.contacts.models import Contact
from careline.contacts.routing import snapshot
from careline.contacts.routing.decide import Next, next_step
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.contacts.tests.fault_site import (
    NGINX,
    Nginx,
    Site,
    Web,
    running_site,
    wait_until,
)
from careline.core import clock

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql" or "DATABASE_URL" not in os.environ,
        reason="two web processes share a PostgreSQL",
    ),
    # A dozen processes start here, beside other tests.
    pytest.mark.timeout(900),
]

WORDS = (EventKind.VISITOR_MESSAGE.value, EventKind.SPECIALIST_MESSAGE.value)
PAUSE_SECONDS = 0.15  # Between two messages of one person; also before they try again.
# Where a test takes long: nobody may send more than 120 messages a minute.
LONG_PAUSE_SECONDS = 0.7
# "Within seconds". Beside other tests on a busy machine a process takes a while to answer.
SOON_SECONDS = 6.0


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with django_db_blocker.unblock(), running_site() as running:
        yield running


@pytest.fixture(scope="module")
def offered(site: Site) -> Contact:
    """A contact in Spanish, offered to one of two people; then the worker is killed."""
    until = dt.date(2099, 1, 1)
    for alias in ("Luis", "Rosa"):
        person = make_specialist(alias)
        set_competencies(person, [Training("", "es", until)], acting_user=None)
        presence.set_accepting(acting_user=person, accepting=True)
    contact = open_chat("hola", language="es")
    wait_until(lambda: Contact.objects.get(pk=contact.pk).offer_seq, SOON_SECONDS)
    site.worker.kill()
    return contact


@pytest.fixture(scope="module")
def mei(site: Site, offered: Contact) -> Staff:
    """Who talks in English; takes no offers."""
    return make_specialist("Mei")


class Side:
    """One person's browser: follows the stream, sends one thing after another."""

    def __init__(self, contact: Contact, query: str, cookie: str, urls: list[str]) -> None:
        self.path = f"/live/contacts/{contact.pk}"
        self.query, self.cookie, self.urls = query, cookie, urls
        self.between = PAUSE_SECONDS
        # As the stream itself says for how long a browser waits before it comes back.
        self.pause = 0.0
        # Number in the log and when it came, in the order of coming.
        self.heard: list[tuple[int, float]] = []
        self.acknowledged: list[tuple[int, str]] = []
        self.slowest = 0.0

    def _headers(self, url: str) -> dict[str, str]:
        return {"Cookie": self.cookie, "Origin": url}

    async def follow(self) -> None:
        """Read the stream; when it breaks off, go on after the last number elsewhere."""
        timeout = httpx.Timeout(5, read=60)
        async with httpx.AsyncClient(timeout=timeout, verify=False) as client:  # noqa: S501
            while True:
                for url in self.urls:
                    with suppress(httpx.HTTPError):
                        await self._read(client, url)
                    await asyncio.sleep(self.pause)

    async def _read(self, client: httpx.AsyncClient, url: str) -> None:
        last = self.heard[-1][0] if self.heard else 0
        address = f"{url}{self.path}/events?{self.query}&after={last}"
        async with client.stream("GET", address, headers=self._headers(url)) as response:
            async for line in response.aiter_lines():
                if line.startswith("retry: "):
                    self.pause = int(line[7:]) / 1000
                elif line.startswith("id: "):
                    self.heard.append((int(line[4:]), time.monotonic()))

    async def talk(self, name: str) -> None:
        """Say one thing after another; each until it is acknowledged, under one id."""
        async with httpx.AsyncClient(timeout=30, verify=False) as client:  # noqa: S501
            for number in range(10_000):
                await self._say(client, f"{name}-{number}")
                await asyncio.sleep(self.between)

    async def _say(self, client: httpx.AsyncClient, text: str) -> None:
        began = time.monotonic()
        while True:
            for url in self.urls:
                address = f"{url}{self.path}/messages?{self.query}"
                body = {"client_id": text, "text": text}
                try:
                    reply = await client.post(address, json=body, headers=self._headers(url))
                except httpx.TransportError:
                    continue
                if reply.status_code == 201:
                    self.acknowledged.append((reply.json()["seq"], text))
                    self.slowest = max(self.slowest, time.monotonic() - began)
                    return
                # Clear words, and to be tried again; nginx has its own where no process is left.
                assert reply.status_code in (502, 503), reply.text
                assert reply.status_code == 502 or reply.json()["message"]
            await asyncio.sleep(PAUSE_SECONDS)


class Talk:
    """A conversation whose visitor is on one web process and whose specialist on the other."""

    def __init__(self, site: Site, specialist: Staff, *urls: str) -> None:
        self.contact = open_chat("")
        actions.accept(acting_user=specialist, contact_id=self.contact.pk)
        session = client_of(specialist).session.session_key
        places = list(urls) or [site.one.url, site.other.url]
        visitor = f"{tokens.COOKIE}={tokens.token_of(self.contact.pk)}"
        desk = f"{settings.SESSION_COOKIE_NAME}={session}"
        self.visitor = Side(self.contact, "as=visitor", visitor, places)
        self.specialist = Side(self.contact, "as=staff", desk, places[::-1])
        self.sides = (self.visitor, self.specialist)

    def said(self) -> int:
        return sum(len(side.acknowledged) for side in self.sides)

    def has_told(self, *, seq: int) -> bool:
        """Return whether both have heard of this number."""
        return all(side.heard and side.heard[-1][0] >= seq for side in self.sides)

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Both talk and listen; at the end both have heard everything that was acknowledged."""
        listening = [asyncio.create_task(side.follow()) for side in self.sides]
        talking = [
            asyncio.create_task(side.talk(name))
            for side, name in zip(self.sides, ("visitor", "specialist"), strict=True)
        ]
        try:
            yield
            await _end(talking)
            last = max(seq for side in self.sides for seq, _text in side.acknowledged)
            await until(lambda: self.has_told(seq=last), 20)
        finally:
            await _end([*talking, *listening])

    def check(self) -> None:
        """Everything acknowledged is in the log, once, in order; and both heard it so."""
        events = contact_log.after(self.contact.pk)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        words = [(event.seq, event.body["text"]) for event in events if event.kind in WORDS]
        assert len({text for _seq, text in words}) == len(words), "a message was doubled"
        for side in self.sides:
            assert side.acknowledged == sorted(side.acknowledged), "out of order"
            assert set(side.acknowledged) <= set(words), "an acknowledged message was lost"
            heard = [seq for seq, _at in side.heard]
            assert heard == sorted(set(heard)), "something was told twice, or out of order"
            told = {seq for seq, _text in words if seq <= heard[-1]}
            assert told <= set(heard), "something was never told"


async def until(holds: Callable[[], Any], seconds: float) -> float:
    """Wait until this is true; return for how long."""
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)
    return time.monotonic() - began


async def _end(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, AssertionError):
            raise outcome


def everybody_has_a_next_step() -> bool:
    """Return whether each contact is offered, waits for something named, or is with somebody."""
    now = clock.now()
    desk = snapshot.desk(now)
    for contact in Contact.objects.exclude(status=Status.ENDED):
        if contact.status == Status.ASSIGNED:
            continue
        if contact.offer_seq:
            if contact.offered_until is None or contact.offered_until < now:
                return False
        elif next_step(snapshot.as_waiting(contact), desk, now.timestamp()).kind is Next.OFFER_NOW:
            return False
    return True


def test_a_web_process_killed_mid_stream_is_left_for_the_other(site: Site, mei: Staff) -> None:
    talk = Talk(site, mei)

    async def run() -> float:
        async with talk.going_on():
            await until(lambda: talk.said() >= 16 and talk.visitor.heard, 20)
            await asyncio.to_thread(site.one.kill)
            killed = time.monotonic()
            await until(lambda: talk.visitor.heard[-1][1] > killed, SOON_SECONDS)
            back = talk.visitor.heard[-1][1] - killed
            said = talk.said()
            await until(lambda: talk.said() >= said + 16, 20)
        return back

    back = asyncio.run(run())
    site.one.start()
    print(f"resumed after {back:.2f} s")
    talk.check()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_without_redis_delivery_goes_on_by_polling(
    site: Site, mei: Staff, how: signal.Signals
) -> None:
    """Killed it refuses at once; stopped it never answers, as behind a cut cable."""
    talk = Talk(site, mei)
    webs = (site.one, site.other)

    def everybody_says(word: str, *, redis: bool) -> bool:
        said = [web.ready() for web in webs]
        return all(
            one["ready"] and one["delivery"] == word and one["parts"]["redis"] is redis
            for one in said
        )

    async def run() -> tuple[float, float]:
        async with talk.going_on():
            await until(lambda: talk.said() >= 8, 20)
            if how is signal.SIGKILL:
                await asyncio.to_thread(site.redis.kill)
            else:
                site.redis.signal(how)
            for side in talk.sides:
                side.slowest = 0.0
            await asyncio.to_thread(wait_until, lambda: everybody_says("polling", redis=False), 20)
            before = talk.said()
            await until(lambda: talk.said() >= before + 8, 20)
            seq = max(seq for side in talk.sides for seq, _text in side.acknowledged)
            lag = await until(lambda: talk.has_told(seq=seq), SOON_SECONDS)
            slowest = max(side.slowest for side in talk.sides)
            if how is signal.SIGKILL:
                await asyncio.to_thread(site.redis.start)
            else:
                site.redis.signal(signal.SIGCONT)
            await asyncio.to_thread(wait_until, lambda: everybody_says("redis", redis=True), 20)
        return lag, slowest

    lag, slowest = asyncio.run(run())
    print(f"without Redis: told after {lag:.2f} s, slowest acknowledgement {slowest:.2f} s")
    # Nobody who writes waits for a Redis that is gone.
    assert slowest < 4
    talk.check()


def test_a_restart_of_the_database_under_load_loses_nothing(site: Site, mei: Staff) -> None:
    talks = [Talk(site, mei) for _number in range(4)]

    async def run() -> float:
        async with asyncio.timeout(90), going_on_all(talks):
            await until(lambda: all(talk.said() >= 8 for talk in talks), 20)
            await asyncio.to_thread(site.postgres.stop_at_once)
            said = await asyncio.to_thread(site.one.ready)
            assert (said["ready"], said["parts"]["database"]) == (False, False)
            before = [talk.said() for talk in talks]
            await asyncio.to_thread(site.postgres.start)
            began = time.monotonic()
            await until(
                lambda: all(
                    talk.said() >= earlier + 8 for talk, earlier in zip(talks, before, strict=True)
                ),
                30,
            )
            back = time.monotonic() - began
            await asyncio.to_thread(wait_until, lambda: site.one.ready()["ready"], SOON_SECONDS)
        return back

    back = asyncio.run(run())
    print(f"after the database: eight more each within {back:.2f} s")
    connection.close()  # Ours broke too.
    for talk in talks:
        talk.check()


@pytest.mark.skipif(NGINX is None, reason="there is no nginx here")
def test_an_upgrade_behind_nginx_drops_no_conversation(site: Site, mei: Staff) -> None:
    """Each process is asked to stop and starts anew, in turn, as deploy/upgrade does."""
    proxy = Nginx(site.folder, [site.one, site.other])
    proxy.start()
    talk = Talk(site, mei, proxy.url)
    talk.visitor.between = talk.specialist.between = LONG_PAUSE_SECONDS
    gaps: list[float] = []

    async def restart(web: Web) -> None:
        began = time.monotonic()
        await asyncio.to_thread(web.kill, signal.SIGTERM)
        await asyncio.to_thread(web.start)
        said = talk.said()
        await until(lambda: talk.said() >= said + 4, 20)
        for side in talk.sides:
            came = [began, *(at for _seq, at in side.heard if at > began)]
            gaps.append(max(later - earlier for earlier, later in pairwise(came)))

    async def run() -> None:
        async with talk.going_on():
            await until(lambda: talk.said() >= 4, 20)
            await restart(site.one)
            await restart(site.other)

    try:
        asyncio.run(run())
        first = first_lines_by_http2(talk.visitor, proxy.url)
    finally:
        proxy.kill(signal.SIGTERM)
    print(f"longest silences: {[round(gap, 2) for gap in gaps]} s")
    assert max(gaps) < SOON_SECONDS
    assert first[0].startswith("HTTP/2 200")
    assert any(line.startswith("data: ") for line in first), "the proxy holds the stream back"
    talk.check()


def first_lines_by_http2(side: Side, url: str) -> list[str]:
    """Return what a browser would see of the open stream within two seconds."""
    command = ["curl", "--insecure", "--silent", "--no-buffer", "--http2", "--max-time", "2"]
    headers = ["--include", "--header", f"Cookie: {side.cookie}"]
    address = f"{url}{side.path}/events?{side.query}"
    seen = subprocess.run([*command, *headers, address], capture_output=True, check=False)
    return seen.stdout.decode().splitlines()


@asynccontextmanager
async def going_on_all(talks: list[Talk]) -> AsyncIterator[None]:
    if not talks:
        yield
        return
    async with talks[0].going_on(), going_on_all(talks[1:]):
        yield


def test_without_a_worker_offers_go_on_and_it_comes_back(site: Site, offered: Contact) -> None:
    """The last: the worker has been gone for as long as the tests above took."""

    def lapsed() -> bool:
        kinds = [event.kind for event in contact_log.after(offered.pk)]
        return EventKind.OFFER_LAPSED in kinds

    waited = wait_until(lapsed, 60)
    print(f"somebody stood in after {waited:.2f} s more")
    wait_until(everybody_has_a_next_step, 30)
    assert site.one.ready()["parts"]["worker"] is False
    site.worker.start()
    wait_until(lambda: site.one.ready()["parts"]["worker"], 60, site.worker.log)
    wait_until(everybody_has_a_next_step, 30)
