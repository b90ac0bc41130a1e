"""The first load of a page: how many bytes an old phone has to fetch."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.django_db
BUDGET = 60 * 1024
_ASSET = re.compile(r"""(?:href|src)="(/static/[^"]+)\"""")


def _packed(data: bytes) -> int:
    return len(gzip.compress(data, 6))


def _asset(address: str) -> bytes:
    found = finders.find(address.removeprefix("/static/"))
    assert found, address
    with open(found, "rb") as file:  # noqa: PTH123
        return file.read()


def test_first_load_stays_within_the_budget(client: Client, pack: None) -> None:
    for address in ("/en/", "/es/", "/en/side-effects/", "/en/search/?q=fever"):
        page = client.get(address).content
        assets = set(_ASSET.findall(page.decode()))

        weight = _packed(page) + sum(_packed(_asset(each)) for each in assets)

        assert weight <= BUDGET, f"{address}: {weight} bytes"


def test_every_asset_that_a_page_names_exists(client: Client, pack: None) -> None:
    for each in set(_ASSET.findall(client.get("/en/side-effects/").content.decode())):
        assert _asset(each)
