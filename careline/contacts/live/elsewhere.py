"""Hints from other processes, through Redis. When Redis is away, the hub polls instead."""

import asyncio
import logging
import time
import uuid

from django.conf import settings

from careline.contacts.enums import AuthorKind
from careline.contacts.live.hub import Hub
from careline.contacts.wakeup import REDIS_CHANNEL
from careline.core import redis_server
from careline.core.events import Event, log

_PAUSE_SECONDS = 1.0
# After so long without a word Redis is asked whether it is there.
_SILENT_SECONDS = 2.0


class Elsewhere:
    """Listens to Redis for as long as the process runs."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._failed = False

    async def listen(self) -> None:
        """Pass hints on to the hub; come back whenever Redis does."""
        import redis  # Inside, here and below: see core.redis_server.

        while True:
            try:
                await self._listen_once()
            except (redis.RedisError, OSError):
                self._failed = True
                if self._hub.hints_from_elsewhere:
                    log(Event.WAKEUP_STORE_DOWN, level=logging.WARNING)
            finally:
                self._hub.hints_from_elsewhere = False
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _listen_once(self) -> None:
        import redis.asyncio

        client = redis.asyncio.Redis.from_url(settings.REDIS_URL)
        async with client, client.pubsub() as pubsub:
            async with asyncio.timeout(_SILENT_SECONDS):
                await pubsub.subscribe(REDIS_CHANNEL)
                await pubsub.get_message(timeout=None)  # That it has heard.
            # Others let a Redis that failed rest for a moment; until then we look ourselves.
            trusted_from = time.monotonic() + self._failed * redis_server.REST_SECONDS
            asked = False
            while True:
                if time.monotonic() >= trusted_from:
                    self._hub.hints_from_elsewhere = True
                message = await pubsub.get_message(timeout=_SILENT_SECONDS)
                if message is None:
                    # A cut cable is as silent as a night without messages.
                    if asked:
                        raise redis.TimeoutError
                    await pubsub.ping()
                elif message["type"] == "message":
                    self._hear(message["data"])
                asked = message is None

    def _hear(self, lines: bytes) -> None:
        for line in lines.split(b"\n"):
            self._hear_line(line)

    def _hear_line(self, line: bytes) -> None:
        try:
            contact, what = line.decode("ascii").split(" ")
            contact_id = uuid.UUID(contact)
        except (UnicodeDecodeError, ValueError):
            return  # Not ours.
        who, _colon, seq = what.partition(":")
        if what.isdigit():
            self._hub.hint([(contact_id, int(what))])
        elif what in AuthorKind.values:
            self._hub.typing(contact_id, AuthorKind(what))
        elif who in AuthorKind.values and seq.isdigit():
            self._hub.seen(contact_id, AuthorKind(who), int(seq))
