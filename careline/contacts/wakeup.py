"""Telling readers that a log has grown. Only ever a hint: nobody depends on hearing it.

Readers in this process register with `listen` and get what was stored. Those of other
processes hear a hint through Redis, when there is one: a contact's id and the number of its
last event, never what was said.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from careline.core import redis_server
from careline.core.events import Event, log

if TYPE_CHECKING:
    import redis

    from careline.contacts.models import ContactEvent

Hint = tuple[uuid.UUID, int]
Listener = Callable[[Sequence["ContactEvent"]], None]

REDIS_CHANNEL = "careline:contacts"
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Call `listener` (from any thread) with all events committed here; returns how to stop."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def wake(events: Sequence["ContactEvent"]) -> None:
    """Tell everybody of these events, which are committed. Never raises."""
    for listener in list(_listeners):
        listener(events)
    if settings.REDIS_URL:
        last = {event.contact_id: event.seq for event in events}
        publish([f"{contact_id} {seq}" for contact_id, seq in last.items()])


def publish(lines: list[str]) -> None:
    """Send lines to the other processes; when Redis is down they find out by polling.

    All in one message: each costs every process that listens.
    """
    import redis  # Inside: see redis_server.

    if redis_server.rests():
        return  # The writer, for one, can't wait anew with each commit.
    try:
        _redis().publish(REDIS_CHANNEL, "\n".join(lines))
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
