"""Probes ask by plain http, on the machine itself, and follow no redirect."""

import importlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from careline.core.supervisor import is_up


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The settings that the public is served with."""
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    monkeypatch.setenv("ALLOWED_HOSTS", "help.example.org")
    return importlib.import_module("careline.settings.production")


@pytest.mark.django_db
@pytest.mark.parametrize("route", ["health_live", "health_ready"])
def test_a_probe_by_plain_http_is_answered_and_everybody_else_is_led_to_https(
    production: ModuleType, route: str
) -> None:
    redirects = {
        "SECURE_SSL_REDIRECT": production.SECURE_SSL_REDIRECT,
        "SECURE_REDIRECT_EXEMPT": production.SECURE_REDIRECT_EXEMPT,
    }
    with override_settings(**redirects):
        visitor = Client()
        assert visitor.get("/en/")["Location"] == "https://testserver/en/"
        assert visitor.get("/en/health/live").status_code == 301
        assert visitor.get(reverse(route)).status_code == 200


class _Refusing(BaseHTTPRequestHandler):
    status = 400

    def do_GET(self) -> None:
        self.send_error(self.status)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that refuses every host's name, as ours does in production."""
    server = HTTPServer(("127.0.0.1", 0), _Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_site_that_knows_another_name_is_up(port: int) -> None:
    assert is_up("127.0.0.1", port)


def test_a_site_that_fails_or_is_away_is_not_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Refusing, "status", 503)
    assert not is_up("127.0.0.1", port)
    assert not is_up("127.0.0.1", 1)
