"""No word that somebody typed reaches a log, not even by way of an exception."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.test import RequestFactory
from django.urls import resolve

from careline.core.quiet_logs import QuietFormatter

WORDS = "my liver hurts"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that the loggers of this test write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter("%(levelname)s %(name)s %(message)s"))
    names = ("django.request", "django.security.DisallowedHost", "careline.test")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield stream
    for name in names:
        logging.getLogger(name).removeHandler(handler)


def fail() -> None:
    try:
        raise KeyError(WORDS)
    except KeyError as inner:
        raise ValueError(f"can't store {WORDS!r}") from inner


def test_an_exception_says_where_but_not_what(written: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("careline.test").exception("It failed.")

    line = written.getvalue()
    assert WORDS not in line
    assert "builtins.KeyError" in line
    assert "builtins.ValueError" in line
    assert "in fail" in line


def test_a_failed_request_is_named_by_its_route(written: io.StringIO) -> None:
    request = RequestFactory().get("/en/news/confirm/secret-token/")
    request.resolver_match = resolve("/en/news/confirm/secret-token/")

    logging.getLogger("django.request").error(
        "Internal Server Error: %s", request.path, extra={"status_code": 500, "request": request}
    )

    assert "secret-token" not in written.getvalue()
    assert "status 500 at en/news/confirm/<str:token>/" in written.getvalue()


def test_a_forged_host_is_one_short_line(written: io.StringIO) -> None:
    try:
        raise DisallowedHost(f"Invalid HTTP_HOST header: {WORDS}")
    except DisallowedHost as error:
        logging.getLogger("django.security.DisallowedHost").error(str(error), exc_info=error)

    assert written.getvalue() == "ERROR django.security.DisallowedHost refused\n"


def test_it_is_what_every_log_line_goes_through() -> None:
    formatters = settings.LOGGING["formatters"]
    for handler in settings.LOGGING["handlers"].values():
        name = formatters[handler["formatter"]]["()"]
        assert name == "careline.core.quiet_logs.QuietFormatter"
