import pytest
from django.test import Client

from careline.contacts import actions, tokens
from careline.contacts.models import Contact

pytestmark = pytest.mark.django_db
NEUTRAL = "https://www.google.com/"


@pytest.fixture
def chatting(client: Client) -> Contact:
    """A visitor whose browser holds an open chat."""
    contact = actions.open_chat(
        language="en", topic="cancer", name="", text="Hello", start_id="a" * 32
    )
    client.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)
    return contact


def _has_ended(contact: Contact) -> bool:
    return Contact.objects.get(pk=contact.pk).ended_at is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-mode": "cors"},
        {"sec-fetch-mode": "navigate", "sec-purpose": "prefetch"},
    ],
)
def test_another_site_or_a_prefetch_cannot_end_a_chat(
    client: Client, chatting: Contact, headers: dict[str, str]
) -> None:
    response = client.get("/leave/", headers=headers)

    assert "Clear-Site-Data" not in response
    assert not _has_ended(chatting)


def test_it_leads_to_the_neutral_page_and_tells_it_nothing(client: Client) -> None:
    response = client.get("/leave/")

    assert response.status_code == 302
    assert response["Location"] == NEUTRAL
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_the_neutral_page_is_the_deployments_to_choose(client: Client, settings: object) -> None:
    settings.QUICK_EXIT_URL = "https://weather.example/"  # type: ignore[attr-defined]

    assert client.get("/leave/")["Location"] == "https://weather.example/"


def test_every_cookie_goes(client: Client) -> None:
    client.cookies["careline_language"] = "es"
    client.cookies["careline_contact"] = "anything"

    response = client.get("/leave/")

    assert response["Clear-Site-Data"] == '"cookies", "storage"'
    assert {name for name, cookie in response.cookies.items() if cookie["max-age"] == 0} >= {
        "careline_language",
        "careline_contact",
    }


def test_it_ends_the_chat(client: Client, chatting: Contact) -> None:
    client.get("/leave/", headers={"sec-fetch-mode": "navigate"})

    assert _has_ended(chatting)


def test_every_page_offers_it_as_a_plain_link(client: Client) -> None:
    assert 'href="/leave/"' in client.get("/en/").content.decode()


@pytest.mark.parametrize(
    "cookie", ["a b=1", "a(b)=1", "=x", "\xe4=1", "a@b=1; careline_contact=zz", "{x}=2; a,b=3"]
)
def test_a_strange_cookie_holds_nobody_up(client: Client, cookie: str) -> None:
    response = client.get("/leave/", headers={"cookie": f"{cookie}; careline_language=es"})

    assert response.status_code == 302
    assert response.cookies["careline_language"]["max-age"] == 0


def test_leaving_does_not_take_back_a_request_for_a_call(client: Client) -> None:
    details = actions.Details(phone="+13125550100")
    contact = actions.request_callback(
        language="en", topic="", text="", start_id="b" * 32, details=details
    )
    client.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)

    response = client.get("/leave/")

    assert response.cookies[tokens.COOKIE].value == ""
    assert not _has_ended(contact)
