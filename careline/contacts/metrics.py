"""What the contacts department counts: how many, how long, how fast; never who or what."""

import datetime as dt
from collections import Counter as Tally
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db.models import Count, Min
from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily

from careline.contacts import presence
from careline.contacts.enums import Channel, EventKind, Status
from careline.contacts.models import Contact, ContactEvent, StaffPresence
from careline.core import clock, health
from careline.core.metrics import collects, registry

EVENTS = Counter(
    "careline_contact_events",
    "Events added to contacts' logs: messages, offers made, declined and lapsed, ends.",
    ("kind",),
    registry=registry,
)
FLAGS = Counter(
    "careline_danger_flags", "Signs of danger in messages.", ("level",), registry=registry
)
BATCH_EVENTS = Histogram(
    "careline_log_batch_drafts",
    "Drafts that were stored together.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 256),
    registry=registry,
)
BATCH_SECONDS = Histogram(
    "careline_log_batch_seconds",
    "From locking the contacts to the end of the commit.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
    registry=registry,
)
DELIVERY_SECONDS = Histogram(
    "careline_delivery_seconds",
    "From an event's time to its handing to an open stream of this process.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
    registry=registry,
)


def appended(drafts: int, seconds: float, fresh: Sequence[ContactEvent]) -> None:
    """Count one transaction of the log."""
    BATCH_EVENTS.observe(drafts)
    BATCH_SECONDS.observe(seconds)
    for kind, count in Tally(str(event.kind) for event in fresh).items():
        EVENTS.labels(kind).inc(count)
    for event in fresh:
        if event.kind == EventKind.FLAG:
            FLAGS.labels(event.body["level"]).inc()


@collects
def waiting_and_served() -> Iterator[GaugeMetricFamily]:
    """Read the queue: how many wait and are served, and since when the first waits."""
    now = clock.now()
    rows = Contact.objects.exclude(status=Status.ENDED).order_by().values("channel", "status")
    found = {
        (row["channel"], row["status"]): (row["many"], row["since"])
        for row in rows.annotate(many=Count("pk"), since=Min("waiting_since"))
    }
    open_now = GaugeMetricFamily(
        "careline_contacts", "Contacts that haven't ended.", labels=["channel", "status"]
    )
    longest = GaugeMetricFamily(
        "careline_longest_wait_seconds", "How long the first waits.", labels=["channel"]
    )
    for channel in Channel.values:
        for status in (Status.WAITING.value, Status.ASSIGNED.value):
            open_now.add_metric([channel, status], found.get((channel, status), (0, None))[0])
        since = found.get((channel, Status.WAITING.value), (0, None))[1]
        longest.add_metric([channel], _seconds_since(since, now))
    yield open_now
    yield longest


def _seconds_since(moment: dt.datetime | None, now: dt.datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


@collects
def people() -> Iterator[GaugeMetricFamily]:
    """Read how many people take contacts now."""
    now = clock.now()
    taking = StaffPresence.objects.accepting(now, since=now - presence.SEEN_WITHIN).count()
    words = "People at the desk who take contacts."
    yield GaugeMetricFamily("careline_staff_taking_contacts", words, value=taking)


@collects
def streams() -> Iterator[GaugeMetricFamily]:
    """Read the open streams of this process, and whether other processes wake them."""
    from careline.contacts.live import endpoints  # Inside: it asks the log, which counts here.

    live = endpoints.running()
    if live is None:
        return
    words = "Open streams of this process."
    yield GaugeMetricFamily("careline_open_streams", words, value=live.hub.count())
    if settings.REDIS_URL:
        words = "Whether this process hears the others; if not, it polls."
        heard = float(live.hub.hints_from_elsewhere)
        yield GaugeMetricFamily("careline_hears_other_processes", words, value=heard)


@health.says("delivery")
def delivery() -> str:
    """Say how messages find their way to open streams: in memory, by Redis, or by polling."""
    from careline.contacts.live import endpoints  # Inside, as above.

    if not settings.REDIS_URL:
        return "memory"
    live = endpoints.running()
    return "redis" if live is not None and live.hub.hints_from_elsewhere else "polling"
