import pytest
from django.test import Client

from careline.core.ratelimit import Limit, allow, place_of
from careline.site.display import COOKIE

pytestmark = pytest.mark.django_db
ADDRESS = "/en/display/"
DARK = {"theme": "dark", "type_size": "large"}


def test_a_form_from_elsewhere_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(ADDRESS, DARK).status_code == 403


def test_too_many_changes_from_one_place_are_refused(client: Client) -> None:
    while allow(Limit.SEARCH, place_of("127.0.0.1")):
        pass

    assert client.post(ADDRESS, DARK).status_code == 429


@pytest.mark.parametrize("chosen", [{}, {"theme": "pink", "type_size": "usual"}])
def test_what_is_no_choice_is_said_and_not_kept(client: Client, chosen: dict[str, str]) -> None:
    response = client.post(ADDRESS, chosen)

    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert COOKIE not in response.cookies


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_it_leads_to_no_other_site(client: Client, away: str) -> None:
    assert client.post(ADDRESS, {**DARK, "from": away})["Location"] == ADDRESS


@pytest.mark.parametrize("value", ["", "dark", "dark.", "x.y", '"><script>', "." * 4000])
def test_a_cookie_that_cannot_be_read_changes_nothing(client: Client, value: str) -> None:
    client.cookies[COOKIE] = value

    page = client.get("/en/").content.decode()

    assert '<html lang="en" dir="ltr">' in page


def test_a_choice_holds_on_every_page_and_leads_back(client: Client) -> None:
    response = client.post(ADDRESS, {**DARK, "from": "/en/accessibility/"})

    assert response["Location"] == "/en/accessibility/"
    assert response.cookies[COOKIE]["httponly"]
    for address in ("/en/accessibility/", "/es/", "/en/not-there/", "/staff/sign-in/"):
        assert 'data-theme="dark" data-type="large"' in client.get(address).content.decode()


def test_it_can_be_taken_back(client: Client) -> None:
    client.post(ADDRESS, DARK)
    client.post(ADDRESS, {"theme": "device", "type_size": "usual"})

    page = client.get("/en/").content.decode()
    assert "data-theme" not in page
    assert "data-type" not in page
