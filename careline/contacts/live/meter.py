"""How often a caller of the live path did something, counted in this process's memory.

The limits are core.ratelimit's. Asking a store for each message would cost more than the
message; so where Redis joins several processes, each tells it every second what it has
counted and hears what all of them have: a caller who uses several processes at once is stopped
a second later than one who doesn't. Without Redis each process counts for itself.
"""

import asyncio
import logging
import time
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from limits import parse

from careline.core.events import Event, log
from careline.core.ratelimit import Limit, place_of

if TYPE_CHECKING:
    from redis.asyncio import Redis

SHARE_SECONDS = 1.0
REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Window:
    """So many uses in so many seconds, from the first of them."""

    seconds: int
    most: int


@cache
def windows(limit: Limit) -> tuple[Window, ...]:
    """Return what a limit says."""
    items = [parse(part) for part in limit.value.split(";")]
    return tuple(Window(item.get_expiry(), item.amount) for item in items)


@dataclass(slots=True)
class _Count:
    """The uses of one caller in one window that is open until `ends`."""

    ends: float
    shared: int = 0  # Of all processes, when we last heard.
    own: int = 0  # Since then, of this one.


_Key = tuple[Limit, int, Hashable]


class Meter:
    """Counts; for the event loop's thread."""

    def __init__(self) -> None:
        self._counts: dict[_Key, _Count] = {}
        self._told: set[_Key] = set()
        self._shares = bool(settings.REDIS_URL)

    def allows(self, limit: Limit, caller: Hashable) -> bool:
        """Count one use and say whether it is within the limit."""
        now = time.monotonic()
        within = True
        for window in windows(limit):
            count = self._count((limit, window.seconds, caller), now)
            count.own += 1
            within = within and count.shared + count.own <= window.most
        return within

    def _count(self, key: _Key, now: float) -> _Count:
        count = self._counts.get(key)
        if count is None or count.ends <= now:
            if len(self._counts) >= REMEMBERED:
                self._forget_ended(now)
            count = self._counts[key] = _Count(now + key[1])
        if self._shares:
            self._told.add(key)
        return count

    def _forget_ended(self, now: float) -> None:
        self._counts = {key: count for key, count in self._counts.items() if count.ends > now}
        if len(self._counts) >= REMEMBERED:
            self._counts.clear()  # Far more callers than one process can have streams.

    async def share(self) -> None:
        """Tell the other processes, for as long as this one runs; only where there is Redis."""
        import redis.asyncio  # Inside: see core.redis_server.

        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_timeout=SHARE_SECONDS, socket_connect_timeout=SHARE_SECONDS
        )
        async with client:
            while True:
                await asyncio.sleep(SHARE_SECONDS)
                try:
                    await self._share_once(client)
                except (redis.RedisError, OSError):
                    log(Event.RATE_STORE_DOWN, level=logging.WARNING)

    async def _share_once(self, client: "Redis") -> None:
        told, self._told = self._told, set()
        counts = [(key, self._counts[key]) for key in told if key in self._counts]
        if not counts:
            return
        sent = [count.own for _key, count in counts]
        async with client.pipeline(transaction=False) as pipe:
            for (key, _count), own in zip(counts, sent, strict=True):
                name = _name(key)
                pipe.set(name, 0, ex=key[1], nx=True)
                pipe.incrby(name, own)
            totals = (await pipe.execute())[1::2]
        for (_key, count), own, total in zip(counts, sent, totals, strict=True):
            count.own -= own
            count.shared = int(total)


def _name(key: _Key) -> str:
    limit, seconds, caller = key
    parts: Iterable[object] = caller if isinstance(caller, tuple) else (caller,)
    return f"careline:live:{limit.name}:{seconds}:{place_of(':'.join(map(str, parts)))}"
