"""How often one place may ask, without keeping who it was.

The key is a keyed hash of the peer's address under a salt that lives in memory
(or in Redis) for one day and is then forgotten; the address itself is never
stored or logged. Counting is by the `limits` library.
"""

import hashlib
import hmac
import logging
from enum import StrEnum
from functools import cache, lru_cache

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from careline.core import clock, redis_server
from careline.core.events import Event, log


class Limit(StrEnum):
    """Named limits for one place; the value is in the notation of `limits`."""

    PAGE = "600/minute"
    ASK = "60/minute"
    SEARCH = "120/minute"
    # Of all places together: a flood fills no list of the editors'.
    KEEP_WORDS = "300/minute;5000/hour"
    SEND = "120/minute;2000/hour"
    OPEN_CONTACT = "20/minute;100/hour"
    CODE = "10/minute;40/hour"
    SIGN_UP = "10/minute;40/hour"
    FEEDBACK = "20/minute;100/hour"
    SIGN_IN = "30/minute"
    STAFF = "1200/minute"
    MEASURE = "240/minute"
    STREAM = "120/minute"


@lru_cache(maxsize=1)
def _limiter() -> FixedWindowRateLimiter:
    patience = redis_server.WAIT_SECONDS
    storage = storage_from_string(
        settings.RATE_LIMIT_STORAGE,
        wrap_exceptions=True,
        socket_timeout=patience,
        socket_connect_timeout=patience,
    )
    return FixedWindowRateLimiter(storage)


@cache
def _items(limit: Limit) -> tuple[RateLimitItem, ...]:
    return tuple(parse(part) for part in limit.value.split(";"))


def place_of(address: str) -> str:
    """Return today's opaque name of the place with this network address."""
    salt = f"{settings.SECRET_KEY}:place:{clock.today().isoformat()}".encode()
    return hmac.new(salt, address.encode(), hashlib.sha256).hexdigest()[:24]


def client_address(peer: str, forwarded_for: str) -> str:
    """Return the visitor's address, trusting as many proxies as the deployment names."""
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted: int = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return peer


def allow(limit: Limit, place: str, *, cost: int = 1) -> bool:
    """Count one use and say whether it is within the limit.

    When the store is down the answer is yes: a frightened person is let in, and
    the event is logged. One that doesn't answer is waited for once, not by everybody.
    """
    if redis_server.rests():
        return True
    try:
        # Every window counts each use, so none is skipped once one said no.
        hits = [_limiter().hit(item, limit.name, place, cost=cost) for item in _items(limit)]
        return all(hits)
    except StorageError:
        redis_server.failed()
        log(Event.RATE_STORE_DOWN, level=logging.WARNING)
        return True


def allow_request(limit: Limit, request: HttpRequest) -> bool:
    """Count one use by the place that this request comes from."""
    address = client_address(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )
    return allow(limit, place_of(address))


def forget_all() -> None:
    """Drop all counts (tests)."""
    _limiter().storage.reset()
