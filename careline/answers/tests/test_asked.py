"""What the editors' list is fed with: first all that must never reach the database."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from faker import Faker

from careline.answers import asked
from careline.answers.engine.text import words
from careline.answers.models import AskedQuestion, Outcome
from careline.answers.retention import purge
from careline.core import clock, ratelimit

ASK, HELPED = "/en/ask/", "/en/ask/helped/"
REFUSED = "does immunotherapy cause hair loss"


@pytest.fixture
def browser(pack: Path) -> Client:
    return Client()


def ask(browser: Client, question: str) -> str:
    response = browser.post(ASK, {"question": question})
    assert response.status_code == 200
    return response.content.decode()


def everything_stored() -> str:
    """All text of all tables, small."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found).casefold()


# --- What is never kept ---


def test_planted_people_and_places_never_reach_the_database(browser: Client) -> None:
    before, planted = everything_stored(), []
    for number, locale in enumerate(["en_US", "es_MX", "es_ES"]):
        fake = Faker(locale)
        fake.seed_instance(number)
        for _ in range(3):
            found = [fake.first_name(), fake.last_name(), fake.city(), fake.phone_number()]
            found += [fake.email(), fake.street_address()]
            ask(browser, f"I am {found[0]} {found[1]} of {found[2]}, {found[5]}. {REFUSED}?")
            ask(browser, f"{REFUSED} {' '.join(found).lower()}")
            planted += found
    rows = "\n".join(AskedQuestion.objects.values_list("words", flat=True))
    assert REFUSED in rows
    assert not any(char.isdigit() for char in rows)
    after = everything_stored()
    everyday = set(asked.vocabulary().spellings)
    for word in (each.casefold() for each in planted if not set(words(each)) <= everyday):
        assert word not in rows
        assert word in before or word not in after


@pytest.mark.parametrize("question", ["I can't breathe on nivolumab", "I want to kill myself"])
def test_nothing_is_kept_of_somebody_in_danger(browser: Client, question: str) -> None:
    ask(browser, question)
    browser.post(HELPED, {"question": question, "helped": "no"})
    assert not AskedQuestion.objects.exists()


def test_a_deployment_that_switched_it_off_keeps_nothing(browser: Client, settings: Any) -> None:
    settings.KEEP_WORDS_OF_QUESTIONS = False
    ask(browser, REFUSED)
    assert "Did this answer help?" not in ask(browser, "what is nivolumab")
    browser.post(HELPED, {"question": "what is nivolumab", "helped": "no"})
    assert not AskedQuestion.objects.exists()
    page = browser.get(reverse("site:privacy")).content.decode()
    assert "We do not keep the questions that you ask on these pages." in page


def test_answered_questions_and_other_ways_in_leave_nothing(browser: Client) -> None:
    ask(browser, "what is nivolumab")
    browser.post("/api/ask", {"question": REFUSED})
    assert not AskedQuestion.objects.exists()


def test_another_site_can_not_vote(browser: Client) -> None:
    data = {"question": "what is nivolumab", "helped": "no"}
    assert browser.post(HELPED, data, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert not AskedQuestion.objects.exists()


@pytest.mark.parametrize("data", [{}, {"question": "what is nivolumab"}, {"helped": "no"}])
def test_half_a_vote_leads_back(browser: Client, data: dict[str, str]) -> None:
    assert browser.post(HELPED, data)["Location"] == ASK
    assert browser.get(HELPED)["Location"] == ASK


def test_a_flood_fills_no_list(browser: Client) -> None:
    for _ in range(300):
        ratelimit.allow(ratelimit.Limit.KEEP_WORDS, "everybody")
    ask(browser, REFUSED)
    assert not AskedQuestion.objects.exists()


def test_the_reply_comes_though_nothing_can_be_kept(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(asked, "_add", down)
    assert "refusal" in ask(browser, REFUSED)


# --- What is kept ---


def test_equal_questions_of_a_day_are_one_row_with_a_count(browser: Client) -> None:
    for question in (f"{REFUSED}?", REFUSED.upper(), f"{REFUSED} Bob"):
        ask(browser, question)
    row, other = AskedQuestion.objects.waiting().order_by("pk")
    assert (row.words, row.count) == (REFUSED, 2)
    assert (other.words, other.count) == (f"{REFUSED} …", 1)
    assert (row.outcome, row.refusal, row.language) == (Outcome.REFUSED, "not_covered", "en")
    assert row.delete_on == clock.today() + dt.timedelta(days=90)


def test_an_answer_that_did_not_help_is_kept_with_its_sentence(browser: Client) -> None:
    assert "Did this answer help?" in ask(browser, "what is nivolumab")
    page = browser.post(HELPED, {"question": "what is nivolumab", "helped": "no"}).content.decode()
    assert "We are sorry that it didn" in page
    [row] = AskedQuestion.objects.waiting()
    assert (row.words, row.outcome) == ("what is nivolumab", Outcome.UNHELPFUL)
    assert f'data-sentence="{row.sentence}"' in page


def test_of_an_answer_that_helped_only_the_count_is_kept(browser: Client) -> None:
    browser.post(HELPED, {"question": "what is nivolumab", "helped": "yes"})
    [row] = AskedQuestion.objects.all()
    assert (row.words, row.outcome) == ("", Outcome.HELPFUL)
    assert not AskedQuestion.objects.waiting().exists()


def test_the_clock_deletes_it(browser: Client, settings: Any) -> None:
    ask(browser, REFUSED)
    later = clock.now() + dt.timedelta(days=89)
    assert purge(later, False) == {"words of questions": 0}
    assert purge(later + dt.timedelta(days=2), True) == {"words of questions": 1}
    settings.KEEP_WORDS_OF_QUESTIONS = False
    assert purge(clock.now(), False) == {"words of questions": 1}
    assert not AskedQuestion.objects.exists()
