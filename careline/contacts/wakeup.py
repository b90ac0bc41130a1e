"""Telling readers that a log has grown. Only ever a hint: nobody depends on hearing it.

A hint is a contact's id and the number of its last event, never what was said.
Readers in this process register with `listen`; those of other processes hear it
through Redis, when there is one.
"""

import logging
import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from careline.core import redis_server
from careline.core.events import Event, log

if TYPE_CHECKING:
    import redis

Hint = tuple[uuid.UUID, int]
Listener = Callable[[list[Hint]], None]

REDIS_CHANNEL = "careline:contacts"
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Call `listener` (from any thread) with each list of hints; returns how to stop."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def wake(hints: Iterable[Hint]) -> None:
    """Tell everybody that these logs have grown. Never raises."""
    known = list(hints)
    for listener in list(_listeners):
        listener(known)
    if settings.REDIS_URL:
        publish([f"{contact_id} {seq}" for contact_id, seq in known])


def publish(lines: list[str]) -> None:
    """Send lines to the other processes; when Redis is down they find out by polling."""
    import redis  # Inside: see redis_server.

    if redis_server.rests():
        return  # The writer, for one, can't wait anew with each commit.
    try:
        with _redis().pipeline(transaction=False) as pipe:
            for line in lines:
                pipe.publish(REDIS_CHANNEL, line)
            pipe.execute()
    except redis.RedisError:
        redis_server.failed()
        log(Event.WAKEUP_STORE_DOWN, level=logging.WARNING)


@lru_cache(maxsize=1)
def _redis() -> "redis.Redis":
    return redis_server.client(redis_server.WAIT_SECONDS)


def forget_connection() -> None:
    """Connect anew at the next hint (tests, which change the address)."""
    redis_server.forget_failure()
    _redis.cache_clear()
