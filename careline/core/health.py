"""Whether the process lives, and whether it can serve."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from prometheus_client.core import GaugeMetricFamily

from careline.core import metrics, redis_server, ticks
from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.core.sealing import rotation

# A worker ticks every five seconds; after so long it is called away.
WORKER_SECONDS = 30.0

Answer = Callable[[], str]
_answers: dict[str, Answer] = {}


def says(name: str) -> Callable[[Answer], Answer]:
    """Register what a domain has to say about itself: one word under this name."""

    def register(answer: Answer) -> Answer:
        _answers[name] = answer
        return answer

    return register


@public(limit=Limit.PAGE)
def live(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; touches nothing behind it."""
    return JsonResponse({"live": True})


@public(limit=Limit.PAGE)
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether what a visitor needs is there; 503 without the database or its keys.

    Without Redis wake-ups come by polling, and without a worker the web processes stand in
    for it: that is said, and the process still serves.
    """
    parts = {"database": metrics.database_answers()}
    # Words sealed with a key of this machine alone could be read by no other.
    parts["keys"] = parts["database"] and _keys_are_here()
    if settings.REDIS_URL:
        parts["redis"] = not redis_server.trouble()
    age = _tick_age() if parts["database"] else None
    parts["worker"] = age is not None and age < WORKER_SECONDS
    said = {name: answer() for name, answer in _answers.items()}
    serves = parts["database"] and parts["keys"]
    told = {"ready": serves, "parts": parts, **said, "worker_tick_age_seconds": age}
    return JsonResponse(told, status=200 if serves else 503)


def _tick_age() -> float | None:
    try:
        age = ticks.age_seconds()
    except DatabaseError:
        return None
    return None if age is None else round(age, 1)


def _keys_are_here() -> bool:
    try:
        return not rotation.missing_keys()
    except DatabaseError:
        return False  # Its tables aren't made yet.


@metrics.collects
def _numbers() -> Iterator[GaugeMetricFamily]:
    age = ticks.age_seconds()
    if age is not None:
        words = "Seconds since a worker last looked."
        yield GaugeMetricFamily("careline_worker_tick_age_seconds", words, value=age)
    if settings.REDIS_URL:
        up = float(not redis_server.trouble())
        yield GaugeMetricFamily("careline_redis_up", "Whether Redis answers.", value=up)
