"""What search engines and feed readers find, and what they must not."""

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from careline.content.models import Approval, ReviewedPage
from careline.core import clock

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def graph(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return json.loads(found[1])["@graph"] if found else []


def withdraw(key: str) -> None:
    pages = ReviewedPage.objects.filter(key=key)
    Approval.objects.filter(page__in=pages).update(withdrawn_at=clock.now())


def draft(key: str) -> None:
    page = ReviewedPage.objects.in_language("en").get(key=key).specific
    page.title = "A secret draft"
    page.slug = "secret"
    page.save_revision()


def locations(client: Client) -> list[str]:
    root = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 (our own)
    return [each.findtext(f"{MAP}loc", "") for each in root]


def test_a_withdrawn_page_is_nowhere(client: Client, pack: None) -> None:
    withdraw("tobacco")
    assert not any("tobacco" in each for each in locations(client))
    assert "/en/tobacco/" not in page_of(client, "/en/changes.atom")
    assert "/en/tobacco/" not in page_of(client, "/en/questions/")


def test_a_draft_is_nowhere(client: Client, pack: None) -> None:
    draft("side-effects")
    for address in ("/sitemap.xml", "/en/changes.atom", "/en/questions/", "/en/side-effects/"):
        assert "ecret" not in page_of(client, address)


@pytest.mark.parametrize("address", ["/en/search/?q=fever", "/en/ask/", "/en/chat/"])
def test_pages_that_answer_somebody_have_no_canonical_address(
    client: Client, pack: None, address: str
) -> None:
    assert 'rel="canonical"' not in page_of(client, address)


def test_the_sitemap_lists_each_language_with_the_others(client: Client, pack: None) -> None:
    found = locations(client)
    assert "http://testserver/en/side-effects/" in found
    assert "http://testserver/es/side-effects/" in found
    assert "http://testserver/en/" in found
    assert 'hreflang="es" href="http://testserver/es/side-effects/"' in page_of(
        client, "/sitemap.xml"
    )


def test_robots_are_told_of_the_sitemap_and_kept_from_conversations(client: Client) -> None:
    text = page_of(client, "/robots.txt")
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /desk/" in text


def test_a_page_says_its_address_and_its_languages(client: Client, pack: None) -> None:
    page = page_of(client, "/en/side-effects/")
    assert '<link rel="canonical" href="http://testserver/en/side-effects/">' in page
    assert 'hreflang="es" href="http://testserver/es/side-effects/"' in page
    assert 'hreflang="en" href="http://testserver/en/side-effects/"' in page
    assert '<meta name="description"' in page


@pytest.mark.parametrize("address", ["/en/", "/es/ask/", "/en/chat/", "/en/side-effects/"])
def test_each_page_describes_itself_once(client: Client, pack: None, address: str) -> None:
    assert page_of(client, address).count('<meta name="description"') == 1


def test_the_home_page_says_its_languages(client: Client, pack: None) -> None:
    assert 'hreflang="es" href="http://testserver/es/"' in page_of(client, "/en/")


def test_the_deployments_own_address_is_the_canonical_one(
    client: Client, pack: None, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://help.example.org/"
    assert 'href="https://help.example.org/en/side-effects/"' in page_of(
        client, "/en/side-effects/"
    )


def test_an_article_says_who_reviewed_it_and_when(client: Client, pack: None) -> None:
    (said,) = graph(page_of(client, "/en/side-effects/"))
    signature = ReviewedPage.objects.in_language("en").get(key="side-effects").signature()
    assert signature
    assert said["@type"] == "MedicalWebPage"
    assert said["reviewedBy"] == {"@type": "Organization", "name": signature.signed_by}
    assert "T" in said["dateModified"]
    assert said["lastReviewed"] == signature.reviewed_on.isoformat()
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert said["citation"]


def test_a_person_is_named_only_where_a_person_signed(client: Client, pack: None) -> None:
    Approval.objects.update(demonstration=False, reviewer_name="Dr. Rita Roe, MD")
    (said,) = graph(page_of(client, "/en/side-effects/"))
    assert said["reviewedBy"] == {"@type": "Person", "name": "Dr. Rita Roe, MD"}


def test_a_drugs_page_says_which_drug_it_is_about(client: Client, pack: None) -> None:
    page, drug = graph(page_of(client, "/en/nivolumab/"))
    assert drug["@type"] == "Drug"
    assert drug["nonProprietaryName"] == "nivolumab"
    assert "Opdivo" in drug["alternateName"]
    assert page["about"] == {"@id": drug["@id"]}


def test_words_of_a_page_cannot_end_its_data_block(client: Client, pack: None) -> None:
    ReviewedPage.objects.filter(key="side-effects").update(summary="</script><b>&")
    page = page_of(client, "/en/side-effects/")
    assert graph(page)[0]["description"] == "</script><b>&"


def test_common_questions_are_data_too(client: Client, pack: None) -> None:
    page = page_of(client, "/en/questions/")
    (said,) = graph(page)
    assert said["@type"] == "FAQPage"
    for question in said["mainEntity"]:
        assert question["name"].endswith("?")
        assert question["name"] in page.replace("&#x27;", "'")
        assert question["acceptedAnswer"]["text"]


def test_the_feed_lists_each_page_with_its_last_signature(client: Client, pack: None) -> None:
    response = client.get("/es/changes.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(response.content)  # noqa: S314 (our own)
    links = [each.find(f"{ATOM}link") for each in root.iter(f"{ATOM}entry")]
    assert any(
        link is not None and link.get("href") == "http://testserver/es/nivolumab/" for link in links
    )
