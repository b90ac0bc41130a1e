import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "page"),
    [("/en/who-reviews/", "/en/about-this-information/"), ("/es/reprint/", "/es/reprints/")],
)
def test_reviewed_pages_come_first(client: Client, pack: None, address: str, page: str) -> None:
    assert client.get(address)["Location"] == page


@pytest.mark.parametrize("clock", ["TRANSCRIPT", "CONTACT_DETAILS", "STATISTICS"])
def test_the_privacy_notice_tells_the_retention_that_is_set(
    client: Client, settings: object, clock: str
) -> None:
    setattr(settings, f"RETENTION_DAYS_{clock}", 77)

    assert "77 days" in client.get("/en/privacy-notice/").content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_accessibility_statement_names_the_standard_and_the_phone(
    client: Client, language: str
) -> None:
    page = client.get(f"/{language}/accessibility/").content.decode()

    assert "2.2" in page
    assert "tel:18005550100" in page
