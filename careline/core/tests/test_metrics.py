"""Numbers for a monitoring system: refused without the token, nothing personal, right."""

import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from careline.core import metrics_http

TOKEN = "t" * 40
pytestmark = pytest.mark.django_db


@pytest.fixture
def token(settings: Settings) -> str:
    settings.METRICS_TOKEN = TOKEN
    return TOKEN


def read(client: Client, given: str = TOKEN) -> str:
    reply = client.get("/metrics", headers={"Authorization": f"Bearer {given}"})
    assert reply.status_code == 200
    assert reply["Content-Type"].startswith("text/plain; version=0.0.4")
    return reply.content.decode()


def numbers(text: str) -> dict[str, float]:
    """Read each sample, by its name and labels."""
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class TestRefusals:
    @pytest.mark.parametrize("given", ["", "Bearer ", "Bearer None", f"Bearer {TOKEN}"])
    def test_without_a_token_in_the_settings_there_is_nothing_here(
        self, client: Client, settings: Settings, given: str
    ) -> None:
        settings.METRICS_TOKEN = ""
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404

    @pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN}x", "Basic dDp0", "Bearer ñ"])
    def test_a_wrong_token(self, client: Client, token: str, given: str) -> None:
        reply = client.get("/metrics", headers={"Authorization": given})
        assert (reply.status_code, reply.content) == (403, b"")

    def test_of_the_worker_too(self, token: str) -> None:
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{metrics_http.serve('127.0.0.1', 0)}/")


def test_the_worker_gives_its_own_numbers(token: str) -> None:
    address = f"http://127.0.0.1:{metrics_http.serve('127.0.0.1', 0)}/"
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked) as reply:  # noqa: S310
        assert b"process_cpu_seconds_total" in reply.read()


def test_pages_are_counted_by_route_without_what_stands_in_the_address(
    client: Client, token: str
) -> None:
    before = numbers(read(client))
    client.get("/health/live?name=Rosa")
    client.get("/nobody-knows/rosa%40example.org")
    told = read(client)
    after = numbers(told)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert more("careline_requests_total['200', 'GET', 'health/live']") == 1
    assert more("careline_requests_total['(none)', '404', 'GET']") == 1
    assert more("careline_request_seconds_count['health/live']") == 1
    assert not re.search("rosa|nobody-knows", told, re.IGNORECASE)


def test_while_the_database_is_away_it_says_so_and_gives_the_rest(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert numbers(read(client))["careline_database_up[]"] == 1

    def away() -> Any:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", away)
    told = numbers(read(client))
    assert told["careline_database_up[]"] == 0
    assert "process_cpu_seconds_total[]" in told
