import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse

from careline.core.ratelimit import Limit, allow, client_address, place_of

pytestmark = pytest.mark.services  # Counts are kept in Redis where there is one.


def test_one_place_is_stopped_and_another_is_not() -> None:
    allowed = [allow(Limit.SIGN_UP, "here") for _ in range(11)]

    assert allowed == [True] * 10 + [False]
    assert allow(Limit.SIGN_UP, "there")


def test_a_place_cannot_be_told_from_its_name_and_is_forgotten_each_day() -> None:
    with time_machine.travel("2026-11-23 12:00Z"):
        monday = place_of("192.0.2.7")
    with time_machine.travel("2026-11-24 12:00Z"):
        tuesday = place_of("192.0.2.7")

    assert "192" not in monday
    assert monday != tuesday


@pytest.mark.parametrize(
    ("proxies", "expected"),
    [(0, "10.0.0.1"), (1, "198.51.100.2"), (2, "192.0.2.9"), (3, "10.0.0.1")],
)
def test_only_named_proxies_are_believed(proxies: int, expected: str) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        assert client_address("10.0.0.1", "192.0.2.9, 198.51.100.2") == expected


@pytest.mark.django_db
def test_too_many_requests_get_a_kind_page(client: Client) -> None:
    place = place_of("127.0.0.1")
    while allow(Limit.PAGE, place):
        pass

    reply = client.get(reverse("health_live"))

    assert reply.status_code == 429
    assert reply["Retry-After"] == "60"
