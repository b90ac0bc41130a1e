"""The catalogue of everything that is ever logged.

A log line is an event's name and fields that are ids, counts, durations or
members of an enumeration. Words that a person typed have no way in: a field
that isn't in the catalogue, or a text with a space in it, is refused.
"""

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from careline.core.metrics import EVENTS

logger = logging.getLogger("careline")

LogValue = str | int | float | bool | uuid.UUID | None
# Long enough for a module path or a slug; too narrow for a sentence or an address.
_WORD = re.compile(r"[\w.\-:/]{1,80}", re.ASCII)


class Event(StrEnum):
    """What may be logged. Add a member here before logging something new."""

    ACCESS_REFUSED = "access.refused"
    ROUTE_UNDECLARED = "route.undeclared"
    RATE_LIMITED = "rate.limited"
    RATE_STORE_DOWN = "rate.store_down"
    CACHE_DOWN = "cache.down"
    SERVER_ERROR = "server.error"
    STAFF_SIGNED_IN = "staff.signed_in"
    PACK_LOADED = "pack.loaded"
    PACK_REFUSED = "pack.refused"
    PAGE_PUBLISHED = "page.published"
    PAGE_WITHDRAWN = "page.withdrawn"
    REVIEWS_DUE = "page.reviews_due"
    QUESTION_ASKED = "question.asked"
    INDEX_BUILT = "index.built"
    ASKED_NOT_KEPT = "question.not_kept"
    ANSWERS_UNAVAILABLE = "answers.unavailable"
    ENCODER_MISSING = "encoder.missing"
    RULES_FELL_BACK = "safety.rules_fell_back"
    DANGER_SEEN = "safety.danger_seen"
    CONTACT_OPENED = "contact.opened"
    CONTACT_ACCEPTED = "contact.accepted"
    CONTACT_ENDED = "contact.ended"
    CONTACT_DELETED = "contact.deleted"
    CONTACT_OFFERED = "contact.offered"
    CONTACT_ASSIGNED = "contact.assigned"
    CONTACT_RELEASED = "contact.released"
    CALL_DUE = "contact.call_due"
    CALL_MISSED = "contact.call_missed"
    ROUTING_FAILED = "routing.failed"
    WRITER_FAILED = "live.writer_failed"
    STREAM_OPENED = "live.stream_opened"
    STREAM_READ_FAILED = "live.stream_read_failed"
    WAKEUP_STORE_DOWN = "live.wakeup_store_down"
    KEY_FILE_MISSING = "keys.file_missing"
    PERSONAL_DATA_PURGED = "retention.purged"
    WORKER_GONE = "worker.gone"
    WORKER_BACK = "worker.back"
    CLOCK_JUMPED = "clock.jumped"
    PURGE_RESTS = "retention.rests"
    TASK_FAILED = "task.failed"
    FEEDBACK_GIVEN = "site.feedback_given"
    SIGN_UP_STORED = "engagement.sign_up_stored"


def log(event: Event, *, level: int = logging.INFO, **fields: LogValue) -> None:
    """Write one catalogued event.

    Raises ValueError if a text field could hold somebody's words: texts are
    single words of ASCII letters, digits and ``._-:/`` with at most 80 characters.
    """
    parts = [f"{name}={_checked(name, value)}" for name, value in sorted(fields.items())]
    EVENTS.labels(event.value).inc()
    logger.log(level, "%s", " ".join([event.value, *parts]))


@contextmanager
def warnings_only() -> Iterator[None]:
    """Write nothing below a warning: for a command whose output is a terminal's or a pipe's."""
    usual = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(usual)


def _checked(name: str, value: LogValue) -> str:
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    if not _WORD.fullmatch(text):
        raise ValueError(f"The log field {name!r} must be an id, a count or a single word.")
    return text
