"""What a browser may keep for reading without a network, and above all what it may not."""

import pytest
from django.test import Client

from careline.accounts.tests.factories import make_staff
from careline.site.offline import HEADER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/en/ask/",
        "/en/talk/",
        "/en/chat/",
        "/en/callback/",
        "/en/message/",
        "/en/news/",
        "/en/display/",
        "/en/search/",
        "/en/search/?q=fever",
        "/en/programs/",
        "/en/not-there/",
        "/en/side-effects/?from=mail",
        "/en/look/switches/?medicine=nivolumab",
        "/desk/",
        "/editor/",
        "/reports/",
        "/staff/sign-in/",
        "/leave/",
        "/",
    ],
)
def test_what_is_personal_or_asks_something_is_never_kept(
    client: Client, pack: None, address: str
) -> None:
    assert HEADER not in client.get(address)


def test_an_answer_is_never_kept(client: Client, pack: None) -> None:
    assert HEADER not in client.post("/en/ask/", {"question": "What is PD-1?"})


def test_nothing_that_staff_see_is_kept(client: Client, pack: None) -> None:
    client.force_login(make_staff())

    assert HEADER not in client.get("/en/side-effects/")


@pytest.mark.parametrize(
    "address", ["/en/", "/es/", "/en/side-effects/", "/en/offline/", "/en/privacy-notice/"]
)
def test_pages_to_read_may_be_kept(client: Client, pack: None, address: str) -> None:
    assert client.get(address)[HEADER] == "keep"


def test_the_worker_is_a_script_that_is_asked_for_anew(client: Client) -> None:
    response = client.get("/service-worker.js")

    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert client.post("/service-worker.js").status_code == 405


def test_without_a_network_the_phone_is_still_said(client: Client) -> None:
    page = client.get("/en/offline/").content.decode()

    assert 'href="tel:18005550100"' in page
    assert 'href="tel:911"' in page
