"""Django's cache in Redis, which is empty while Redis is away instead of failing.

Nothing may depend on what is kept here. Wagtail keeps the paths of its sites, allauth its
counts of failed codes: a page must not fail for them, and a sign-in neither.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache

from careline.core import redis_server
from careline.core.events import Event, log


class ForgetfulRedisCache(RedisCache):
    """Redis while it answers; an empty cache while it doesn't."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Add, or say that it was added, as to the first of several."""
        return bool(_or_else(True, super().add, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or the default."""
        return _or_else(default, super().get, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Keep, if that can be."""
        _or_else(None, super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Keep for longer, if it is there."""
        return bool(_or_else(False, super().touch, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Forget."""
        return bool(_or_else(False, super().delete, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """Return what is kept of these."""
        return dict(_or_else({}, super().get_many, *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Return whether it is kept."""
        return bool(_or_else(False, super().has_key, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count; while Redis is away each is the first."""
        return int(_or_else(delta, super().incr, key, delta, version))

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Keep these, if that can be."""
        return list(_or_else([], super().set_many, *args, **kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        """Forget these."""
        _or_else(None, super().delete_many, *args, **kwargs)

    def clear(self) -> None:
        """Forget everything."""
        _or_else(None, super().clear)


def _or_else(absent: Any, ask: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    import redis  # Inside: see redis_server.

    if redis_server.rests():
        return absent
    try:
        return ask(*args, **kwargs)
    except redis.RedisError:
        redis_server.failed()
        log(Event.CACHE_DOWN, level=logging.WARNING)
        return absent
