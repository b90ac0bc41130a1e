"""Whether the process lives, and whether it can serve."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from careline.core import redis_server
from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.core.sealing import rotation


@public(limit=Limit.PAGE)
def live(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; touches nothing behind it."""
    return JsonResponse({"live": True})


@public(limit=Limit.PAGE)
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether what a visitor needs is there; 503 without the database or its keys."""
    parts = {"database": _database_answers()}
    # Words sealed with a key of this machine alone could be read by no other.
    parts["keys"] = parts["database"] and _keys_are_here()
    if settings.REDIS_URL:
        parts["redis"] = not redis_server.trouble()
    # Without Redis wake-ups come by polling: slower, and still serving.
    status = 200 if parts["database"] and parts["keys"] else 503
    return JsonResponse({"ready": status == 200, "parts": parts}, status=status)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _keys_are_here() -> bool:
    try:
        return not rotation.missing_keys()
    except DatabaseError:
        return False  # Its tables aren't made yet.
