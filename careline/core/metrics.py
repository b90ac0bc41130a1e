"""What a monitoring system may read at ``/metrics``: numbers of the service, none of a person.

In the text format of Prometheus. Each process counts for itself, from its own start, as
Prometheus expects; what is read from the database at the moment of asking is the same from
whichever process (docs/operations.md, Watching it). A domain that has something to count
declares it in a module `metrics` of its own, on `registry`; what has to be asked for
registers with `collects`.
"""

import hmac
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.module_loading import autodiscover_modules
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client import exposition as prometheus
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

# When each series began: as many lines again, and nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call]
CONTENT_TYPE = prometheus.CONTENT_TYPE_PLAIN_0_0_4
# Labels hold routes, members of enumerations and numbers: never an id, an address or a word.
registry = CollectorRegistry()
ProcessCollector(registry=registry)

REQUESTS = Counter(
    "careline_requests", "Requests answered.", ("route", "method", "status"), registry=registry
)
REQUEST_SECONDS = Histogram(
    "careline_request_seconds",
    "Time until a request was answered; open streams aren't counted.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=registry,
)
EVENTS = Counter("careline_events", "Events of the log's catalogue.", ("event",), registry=registry)

Reading = Callable[[], Iterable[Metric]]
_readings: list[Reading] = []


def collects(reading: Reading) -> Reading:
    """Register a function that is asked for its numbers each time somebody reads them.

    It may ask the database. While that is away its numbers are left out.
    """
    _readings.append(reading)
    return reading


class _Asked(Collector):
    """What is found out at the moment of asking."""

    def collect(self) -> Iterable[Metric]:
        """Return every domain's numbers, and whether the database answers."""
        up = GaugeMetricFamily("careline_database_up", "Whether the database answers.")
        up.add_metric([], float(database_answers()))
        yield up
        if up.samples[0].value:
            for reading in list(_readings):
                yield from _safely(reading)

    def describe(self) -> Iterable[Metric]:
        """Return nothing: a start asks no database."""
        return []


registry.register(_Asked())


def _safely(reading: Reading) -> list[Metric]:
    try:
        return list(reading())
    except DatabaseError:
        return []


def database_answers() -> bool:
    """Return whether the database answers now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def text() -> bytes:
    """Return all numbers of this process in the text format of Prometheus."""
    autodiscover_modules("metrics")
    return prometheus.generate_latest(registry)


def is_on() -> bool:
    """Return whether the deployment lets anybody read the numbers."""
    return bool(settings.METRICS_TOKEN)


def may_read(authorization: str) -> bool:
    """Return whether this Authorization header carries the token; never, where none is set."""
    token: str = settings.METRICS_TOKEN
    given = authorization.removeprefix("Bearer ").strip()
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())
