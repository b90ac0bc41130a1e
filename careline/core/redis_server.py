"""The Redis server, for those who name one by REDIS_URL.

Its client library costs every process 21 MB, so it is imported only where a
server is named.
"""

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    import redis

CHECK_SECONDS = 2.0


def client(timeout_seconds: float) -> "redis.Redis":
    """Return a client that waits no longer than this for a connection or a reply."""
    import redis

    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=timeout_seconds,
    )


def trouble() -> str:
    """Return the kind of error with which the server answers a ping; empty for none."""
    import redis

    try:
        client(CHECK_SECONDS).ping()
    except redis.RedisError as error:
        return type(error).__name__
    return ""
