import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.content.models import Approval
from careline.core import clock
from careline.site.search import find, words

pytestmark = pytest.mark.django_db


def _titles(query: str, language: str = "en") -> list[str]:
    return [page.title for page in find(query, language).pages]


def test_no_words_find_nothing_and_the_page_stays_kind(client: Client, pack: None) -> None:
    response = client.get("/en/search/", {"q": "?!"})

    assert response.status_code == 200
    assert "That is no fault of yours" in response.content.decode()


def test_an_unknown_word_offers_to_ask_and_to_talk_to_a_person(client: Client, pack: None) -> None:
    page = client.get("/en/search/", {"q": "xyzzyplugh"}).content.decode()

    assert 'name="question"' in page
    assert "Talk to a person" in page


def test_what_was_typed_is_shown_as_text(client: Client, pack: None) -> None:
    page = client.get("/en/search/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_odd_text_is_answered_calmly(client: Client, pack: None) -> None:
    for query in ("x" * 20_000, "\u0001\u0002", "🙂", "%00", "' OR 1=1 --", "癌症"):
        assert client.get("/en/search/", {"q": query}).status_code == 200


def test_a_withdrawn_sentence_is_never_found(pack: None) -> None:
    Approval.objects.update(withdrawn_at=clock.now())

    assert not find("fever", "en").pages


def test_a_danger_sign_shows_its_care_card_before_the_results(client: Client, pack: None) -> None:
    page = client.get("/en/search/", {"q": "I can't breathe"}).content.decode()

    assert page.index("care-card--emergency") < page.index("help-bar")


def test_brands_and_misspellings_lead_to_the_page(pack: None) -> None:
    for query, title in (
        ("opdivo", "Nivolumab (Opdivo)"),
        ("nivolumab", "Nivolumab (Opdivo)"),
        ("nivolumabb", "Nivolumab (Opdivo)"),
        ("yervy", "Ipilimumab (Yervoy)"),
        ("side efects", "Side effects"),
        ("tobacco", "Questions about tobacco"),
    ):
        assert _titles(query)[0] == title


def test_accents_do_not_matter(pack: None) -> None:
    assert _titles("higado", "es") == _titles("hígado", "es") != []


def test_a_corrected_word_is_said_aloud(pack: None) -> None:
    assert find("nivolumabb", "en").read_as == (("nivolumabb", "nivolumab"),)


def test_a_corrected_word_is_shown_as_the_pages_write_it(pack: None) -> None:
    assert find("tobaco", "en").read_as == (("tobaco", "tobacco"),)


def test_the_words_are_marked_in_the_sentence(pack: None) -> None:
    sentence = find("fever", "en").pages[0].sentences[0]

    assert next(piece.text.lower() for piece in sentence.pieces if piece.found) == "fever"
    assert "#s-" in sentence.url


def test_a_word_unlike_any_of_ours_is_asked_about_and_not_read_as_another(pack: None) -> None:
    results = find("tobakko", "en")

    assert not results.read_as
    assert "tobacco" in results.perhaps


def test_what_may_have_been_meant_is_one_tap_away(client: Client, pack: None) -> None:
    page = client.get("/en/search/", {"q": "tobakko fever"}).content.decode()

    assert "Did you mean:" in page
    assert 'href="/en/search/?q=tobacco%20fever"' in page


def test_words_that_stand_on_pages_are_not_asked_about(pack: None) -> None:
    assert find("fever", "en").perhaps == ()
    assert find("opdivo", "en").perhaps == ()


def test_titles_and_names_of_medicines_are_offered_while_typing(client: Client, pack: None) -> None:
    page = client.get("/en/search/").content.decode()

    assert '<option value="Side effects"></option>' in page
    assert '<option value="Opdivo"></option>' in page


def test_a_mild_signs_card_is_short_and_leaves_room(client: Client, pack: None) -> None:
    page = client.get("/en/search/", {"q": "rash"}).content.decode()

    assert page.index("care-card--slim") < page.index("results-title")
    assert "<details" in page


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=st.text(max_size=60))
def test_any_text_is_searched_without_an_error(pack: None, query: str) -> None:
    results = find(query, "en")

    assert all(page.url for page in results.pages)
    assert not results.pages or words(query)
