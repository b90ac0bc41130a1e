"""Everything that a run of the tests types, and everything that it logs: they may not meet."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.test import RequestFactory

from careline.core.quiet_logs import QuietFormatter
from careline.core.sealing import envelope, fields

# The beginning of a text is enough to know it again in a line that was cut short.
_PROBE_LENGTH = 24
_SHORTEST = 8


class Overheard(logging.Handler):
    """Collects log lines as the service would write them, and what people typed."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(QuietFormatter("%(levelname)s %(name)s %(message)s"))
        self.lines: list[str] = []
        self.probes: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, written by our own formatter whatever another has made of the record."""
        self.lines.append(self.format(logging.makeLogRecord({**vars(record), "exc_text": None})))

    def typed(self, value: object) -> None:
        """Note what was typed; single short words are left out, for logs have such of their own."""
        if isinstance(value, Mapping):
            value = list(value.values())
        if isinstance(value, list | tuple):
            for part in value:
                self.typed(part)
        elif isinstance(value, str) and _is_telling(value.strip()):
            self.probes.add(value.strip()[:_PROBE_LENGTH])

    def leaks(self) -> list[tuple[str, str]]:
        """Return what was typed and stands in a log line, with the line."""
        everything = "\n".join(self.lines)
        found = [probe for probe in self.probes if probe in everything]
        return [(probe, next(line for line in self.lines if probe in line)) for probe in found]


def _is_telling(text: str) -> bool:
    start = text[:_PROBE_LENGTH]
    is_number = sum(sign.isdigit() for sign in start) >= 10 and start.strip("+ ().0123456789") == ""
    return len(text) >= _SHORTEST and (" " in start or "@" in start or is_number)


@contextmanager
def listening() -> Iterator[Overheard]:
    """Listen to all loggers, to what each test's browser sends, and to all that is sealed."""
    ear = Overheard()
    loggers = [logging.getLogger(), logging.getLogger("django.server")]
    get, post, seal = RequestFactory.get, RequestFactory.post, envelope.seal
    for logger in loggers:
        logger.addHandler(ear)
    RequestFactory.get = _heard(ear, get)  # type: ignore[method-assign]
    RequestFactory.post = _heard(ear, post)  # type: ignore[method-assign]
    vars(fields).update(seal=_heard_sealing(ear, seal))
    try:
        yield ear
    finally:
        RequestFactory.get, RequestFactory.post = get, post  # type: ignore[method-assign]
        vars(fields).update(seal=seal)
        for logger in loggers:
            logger.removeHandler(ear)


def _heard(ear: Overheard, send: Callable[..., Any]) -> Any:
    def listened(self: Any, path: str, data: Any = None, *args: Any, **more: Any) -> Any:
        ear.typed(data)
        return send(self, path, data, *args, **more)

    return listened


def _heard_sealing(ear: Overheard, seal: Callable[[bytes, bytes], Any]) -> Any:
    def listened(plain: bytes, belongs_to: bytes) -> Any:
        try:
            ear.typed(json.loads(plain))
        except ValueError:
            ear.typed(plain.decode(errors="ignore"))  # A picture holds no words.
        return seal(plain, belongs_to)

    return listened
