"""The Redis server, for those who name one by REDIS_URL.

Its client library costs every process 21 MB, so it is imported only where a
server is named. Nothing here depends on it: whoever finds it gone or silent says so by
`failed`, and for a moment nobody waits for it again.
"""

import time
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    import redis

CHECK_SECONDS = 2.0
# Longer than this nothing of Redis is worth waiting for while somebody is being served.
WAIT_SECONDS = 0.5
# So long it isn't asked again after it failed.
REST_SECONDS = 2.0

_rests_until = 0.0


def client(timeout_seconds: float) -> "redis.Redis":
    """Return a client that waits no longer than this for a connection or a reply, once."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=timeout_seconds,
        # The library would else try ten times, ever more slowly.
        retry=Retry(NoBackoff(), 0),
    )


def rests() -> bool:
    """Return whether it failed a moment ago."""
    return time.monotonic() < _rests_until


def failed() -> None:
    """Note that it didn't answer."""
    global _rests_until
    _rests_until = time.monotonic() + REST_SECONDS


def forget_failure() -> None:
    """Ask it again at once (tests, which start it anew)."""
    global _rests_until
    _rests_until = 0.0


def trouble() -> str:
    """Return the kind of error with which the server answers a ping; empty for none."""
    import redis

    try:
        client(CHECK_SECONDS).ping()
    except redis.RedisError as error:
        return type(error).__name__
    return ""
