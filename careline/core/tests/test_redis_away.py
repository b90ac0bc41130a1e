"""A Redis that is gone, or never answers, holds nobody up."""

import socket
import time
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from pytest_django import Settings

from careline.core import ratelimit, redis_server
from careline.core.ratelimit import Limit


@pytest.fixture(params=["refuses", "never answers"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Redis that is no use."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        if request.param == "refuses":
            listening.close()
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    redis_server.forget_failure()
    yield
    redis_server.forget_failure()
    ratelimit._limiter.cache_clear()


@pytest.fixture
def cache(address: str, settings: Settings) -> BaseCache:
    """Django's cache as the settings make it, in that Redis."""
    backend = "careline.core.redis_cache.ForgetfulRedisCache"
    limits = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": address, "OPTIONS": limits}}
    return caches.create_connection("default")


def test_the_cache_is_empty_and_nobody_waits_twice(cache: BaseCache) -> None:
    began = time.monotonic()
    cache.set("a", 1)
    assert cache.get("a") is None
    assert cache.get("a", "else") == "else"
    assert cache.get_or_set("a", lambda: 3) == 3
    assert cache.add("a", 1)
    assert cache.incr("a") == 1
    assert cache.get_many(["a", "b"]) == {}
    assert not cache.has_key("a")
    assert not cache.delete("a")
    cache.clear()
    assert time.monotonic() - began < 1.5, "each of them waited anew"


def test_limits_let_people_in_and_nobody_waits_twice(address: str, settings: Settings) -> None:
    settings.RATE_LIMIT_STORAGE = address
    ratelimit._limiter.cache_clear()
    began = time.monotonic()
    assert all(ratelimit.allow(Limit.SEND, "somebody") for _time in range(20))
    assert time.monotonic() - began < 3
