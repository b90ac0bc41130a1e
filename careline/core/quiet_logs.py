"""How a log line is written: where something went wrong, never what somebody typed.

The words of an exception may quote a form's field or a row of the database, and the
path of a request may hold a token; so neither is written.
"""

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_REFUSED_BY_DJANGO = "django.security"


class QuietFormatter(logging.Formatter):
    """Time, level, logger and message; of an exception its kinds and places, without words."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what Django's own loggers would quote of a request is left out."""
        if record.name.startswith(_REFUSED_BY_DJANGO):
            record = _wordless(record, "refused", with_trace=False)
        elif record.name == "django.request":
            record = _wordless(record, _route(record), with_trace=True)
        return super().format(record)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name that logging calls
        """Return where each exception of the chain was raised, and its kind."""
        parts = [part for error in _chain(ei[1]) for part in _place(error)]
        return "".join(parts).rstrip("\n")


def _wordless(record: logging.LogRecord, message: str, *, with_trace: bool) -> logging.LogRecord:
    quiet = logging.makeLogRecord({**vars(record), "msg": message, "args": ()})
    if not with_trace:
        quiet.exc_info = quiet.exc_text = None
    return quiet


def _route(record: logging.LogRecord) -> str:
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return f"status {getattr(record, 'status_code', 500)} at {match.route if match else 'no route'}"


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return the exception after what led to it."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.insert(0, error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _place(error: BaseException) -> list[str]:
    kind = type(error)
    return [*traceback.format_tb(error.__traceback__), f"{kind.__module__}.{kind.__qualname__}\n"]
