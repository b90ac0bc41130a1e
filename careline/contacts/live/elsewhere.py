"""Hints from other processes, through Redis. When Redis is away, the hub polls instead."""

import asyncio
import logging
import uuid

from django.conf import settings

from careline.contacts.enums import AuthorKind
from careline.contacts.live.hub import Hub
from careline.contacts.wakeup import REDIS_CHANNEL
from careline.core.events import Event, log

_PAUSE_SECONDS = 1.0


class Elsewhere:
    """Listens to Redis for as long as the process runs."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def listen(self) -> None:
        """Pass hints on to the hub; come back whenever Redis does."""
        import redis  # Inside, here and below: see core.redis_server.

        while True:
            try:
                await self._listen_once()
            except (redis.RedisError, OSError):
                if self._hub.hints_from_elsewhere:
                    log(Event.WAKEUP_STORE_DOWN, level=logging.WARNING)
            finally:
                self._hub.hints_from_elsewhere = False
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _listen_once(self) -> None:
        import redis.asyncio

        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, health_check_interval=5)
        async with client, client.pubsub() as pubsub:
            await pubsub.subscribe(REDIS_CHANNEL)
            self._hub.hints_from_elsewhere = True
            async for message in pubsub.listen():
                if message["type"] == "message":
                    self._hear(message["data"])

    def _hear(self, line: bytes) -> None:
        try:
            contact, what = line.decode("ascii").split(" ")
            contact_id = uuid.UUID(contact)
        except (UnicodeDecodeError, ValueError):
            return  # Not ours.
        if what.isdigit():
            self._hub.hint([(contact_id, int(what))])
        elif what in AuthorKind.values:
            self._hub.typing(contact_id, AuthorKind(what))
