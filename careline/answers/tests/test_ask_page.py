"""The ask page: nothing typed is lost or kept; it works without cookies and scripts."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from careline.answers import asking
from careline.core import ratelimit
from careline.core.ratelimit import Limit

URL = "/en/ask/"


@pytest.fixture
def stranger() -> Client:
    """A browser without a token, cookies or an account."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("typed", ["", "   ", "\x00\x07"])
def test_an_empty_question_is_explained(db: None, stranger: Client, typed: str) -> None:
    response = stranger.post(URL, {"question": typed})
    assert response.status_code == 400
    assert "Type your question first" in response.content.decode()


def test_an_endless_question_is_explained_and_stays_in_the_box(db: None, stranger: Client) -> None:
    typed = "endless " * (settings.MAX_TYPED_CHARACTERS // 8 + 1)
    response = stranger.post(URL, {"question": typed})
    assert response.status_code == 413
    assert typed.strip() in response.content.decode()


def test_a_body_over_the_limit_is_refused_kindly(db: None, stranger: Client) -> None:
    response = stranger.post(URL, {"question": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert response.status_code in (400, 413)


def test_other_methods_are_refused(db: None, stranger: Client) -> None:
    assert stranger.put(URL).status_code == 405


def test_too_many_questions_from_one_place_are_slowed(
    db: None, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratelimit, "allow", lambda limit, *_args, **_kw: limit is not Limit.ASK)
    assert stranger.post(URL, {"question": "what is PD-1"}).status_code == 429


def test_the_question_is_never_read_from_the_address(pack: Path, stranger: Client) -> None:
    page = stranger.get(URL, {"question": "my secret diagnosis"}).content.decode()
    assert "my secret diagnosis" not in page


def test_the_form_is_shown(db: None, stranger: Client) -> None:
    response = stranger.get(URL)
    assert response.status_code == 200
    assert 'name="question"' in response.content.decode()


def test_a_question_is_answered_with_its_citation_and_nothing_is_stored(
    pack: Path, stranger: Client
) -> None:
    response = stranger.post(URL, {"question": "what is immunotherapy"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Immunotherapy helps the body fight cancer." in page
    assert "/en/how-it-works/#s-" in page
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    assert "no-store" in response["Cache-Control"]


def test_beside_the_answer_to_one_question_stands_why_the_other_has_none(
    pack: Path, stranger: Client
) -> None:
    asked = {"question": "¿Qué es nivolumab? ¿Cuántos miligramos me tocan de nivolumab?"}
    page = stranger.post("/es/ask/", asked).content.decode()
    assert "Su otra pregunta no tiene respuesta aquí:" in page
    assert "No podemos dar dosis." in page


def test_what_was_typed_is_shown_as_text_only(pack: Path, stranger: Client) -> None:
    page = stranger.post(URL, {"question": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;" in page


def test_an_emergency_stands_before_everything_else(pack: Path, stranger: Client) -> None:
    page = stranger.post(URL, {"question": "I can't breathe since the infusion"}).content.decode()
    card, asked = page.find('data-care-card="emergency"'), page.find("You asked")
    assert 0 < card < asked
    assert 'href="tel:911"' in page


@pytest.mark.parametrize("typed", ["I want to kill myself", "I can't breathe and my lips are blue"])
def test_nobody_in_danger_reads_a_refusal(pack: Path, stranger: Client, typed: str) -> None:
    page = stranger.post(URL, {"question": typed}).content.decode()
    assert "data-care-card" in page
    assert "data-refusal" not in page
    assert page.count("<h1") == 1


def test_a_spanish_question_on_an_english_page_is_answered_in_spanish(
    pack: Path, stranger: Client
) -> None:
    page = stranger.post(URL, {"question": "¿qué es la inmunoterapia?"}).content.decode()
    assert "La inmunoterapia ayuda al cuerpo a luchar contra el cáncer." in page


def test_who_asked_two_things_and_reads_one_answer_is_told_so(
    pack: Path, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = {"question": "What is immunotherapy? What does nivolumab block?"}
    told = "You asked two things. This answers the first."
    both = stranger.post(URL, two)
    assert len(both.context["answer"].sentences) == 3
    assert told not in both.content.decode()
    monkeypatch.setattr(asking, "_MOST_SENTENCES", 2)
    one = stranger.post(URL, two)
    assert len(one.context["answer"].sentences) == 2
    assert told in one.content.decode()
    alone = stranger.post(URL, {"question": "What is immunotherapy?"})
    assert told not in alone.content.decode()


def test_the_page_carries_the_question_for_one_that_goes_on_from_it(
    pack: Path, stranger: Client
) -> None:
    asked = stranger.post(URL, {"question": "what is nivolumab"}).content.decode()
    assert '<input type="hidden" name="before" value="what is nivolumab">' in asked
    alone = stranger.post(URL, {"question": "and what does it block?"})
    assert not alone.context["answer"].answered
    follow_up = {"question": "and what does it block?", "before": "nivolumab?"}
    after = stranger.post(URL, follow_up)
    assert after.context["answer"].answered
    assert '<input type="hidden" name="before" value="nivolumab?">' in after.content.decode()
    judged = stranger.post(f"{URL}helped/", {**follow_up, "helped": "yes"})
    assert judged.context["answer"].sentences == after.context["answer"].sentences
