"""Limits of the live path: counted here, and over all processes where Redis joins them."""

import asyncio
import time
from unittest.mock import patch

from pytest_django import Settings

from careline.contacts.live import meter as metering
from careline.contacts.live.meter import Meter, Window
from careline.core.ratelimit import Limit

LITTLE = (Window(seconds=60, most=3), Window(seconds=3600, most=5))


def used(meter: Meter, times: int, caller: str = "a") -> list[bool]:
    with patch.object(metering, "windows", lambda _limit: LITTLE):
        return [meter.allows(Limit.SEND, caller) for _ in range(times)]


def test_one_is_stopped_and_another_is_not() -> None:
    meter = Meter()
    assert used(meter, 4) == [True, True, True, False]
    assert used(meter, 1, "b") == [True]


def test_a_window_ends_and_the_longer_one_goes_on() -> None:
    meter = Meter()
    used(meter, 3)
    later = time.monotonic() + 61
    with patch("careline.contacts.live.meter.time.monotonic", lambda: later):
        assert used(meter, 3) == [True, True, False]  # The fifth and sixth of the hour.


def test_the_limits_are_those_of_the_catalogue() -> None:
    assert metering.windows(Limit.SEND) == (Window(60, 120), Window(3600, 2000))


class _Redis:
    """The few commands that are used, of a store which two processes share."""

    def __init__(self) -> None:
        self.kept: dict[str, int] = {}
        self.replies: list[int] = []

    def pipeline(self, transaction: bool) -> "_Redis":
        self.replies = []
        return self

    async def __aenter__(self) -> "_Redis":
        return self

    async def __aexit__(self, *_error: object) -> None:
        return None

    def set(self, name: str, value: int, ex: int, nx: bool) -> None:
        self.replies.append(int(name not in self.kept))
        self.kept.setdefault(name, value)

    def incrby(self, name: str, by: int) -> None:
        self.kept[name] += by
        self.replies.append(self.kept[name])

    async def execute(self) -> list[int]:
        return self.replies


def share(meter: Meter, store: _Redis) -> None:
    asyncio.run(meter._share_once(store))  # type: ignore[arg-type]


def test_what_was_used_elsewhere_counts_here(settings: Settings) -> None:
    settings.REDIS_URL = "redis://nowhere"
    here, there, store = Meter(), Meter(), _Redis()
    used(here, 2)
    used(there, 1)
    share(here, store)
    share(there, store)
    assert used(here, 1) == [True]  # The third of its own; it hears of the other's in a second.
    share(here, store)
    assert used(here, 1) == [False]
    assert used(there, 1, "b") == [True]
