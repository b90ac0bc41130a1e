"""What the tests of the news list share."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from careline.engagement.tests import support


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Hold the clock still at noon of a day; `clock.shift` moves it."""
    with time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC), tick=False) as hand:
        yield hand


@pytest.fixture
def post_office(django_capture_on_commit_callbacks: support.Capture) -> support.PostOffice:
    """Where mail goes when the worker has run."""
    return support.PostOffice(django_capture_on_commit_callbacks)
