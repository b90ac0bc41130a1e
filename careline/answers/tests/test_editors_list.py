"""From a question without an answer to an answer: by editors and a signature, never by itself."""

from pathlib import Path

import pytest
from django.test import Client

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.answers import ask
from careline.answers.asked import keep_if_refused
from careline.answers.clusters import clusters
from careline.answers.models import AskedQuestion, Outcome
from careline.content.models import QuestionDraft
from careline.content.tests.conftest import new_staff, signed_in
from careline.core import clock

LIST = "/editor/asked/"
QUESTION = "who do I call to ask about a fever"


@pytest.fixture
def editor(pack: Path) -> Staff:
    return new_staff("edith", Role.EDITOR)


def kept(
    words: str, count: int = 1, outcome: str = Outcome.REFUSED, language: str = "en"
) -> AskedQuestion:
    return AskedQuestion.objects.create(
        words=words,
        count=count,
        outcome=outcome,
        refusal="not_covered" if outcome == Outcome.REFUSED else "",
        language=language,
        asked_on=clock.today(),
        delete_on=clock.today(),
    )


# --- What is refused ---


@pytest.mark.parametrize("path", [LIST, f"{LIST}draft/", f"{LIST}done/", "/editor/drafts/"])
def test_only_editors_and_reviewers_see_it(pack: Path, path: str) -> None:
    specialist = new_staff("sam", Role.SPECIALIST)
    for browser in (Client(), signed_in(specialist)):
        assert browser.get(path).status_code in (302, 403, 405)
        assert browser.post(path, {"words": "x"}).status_code in (302, 403, 405)
    assert not QuestionDraft.objects.exists()


def test_what_can_not_be_read_drafts_nothing(editor: Staff) -> None:
    kept(QUESTION)
    for data in ({}, {"kind": "poem", "words": QUESTION, "language": "en"}, {"kind": "variant"}):
        signed_in(editor).post(f"{LIST}draft/", data)
    assert not QuestionDraft.objects.exists()
    assert AskedQuestion.objects.exists()


# --- The list ---


def test_questions_that_share_their_telling_words_stand_together(editor: Staff) -> None:
    kept("is a fever from immunotherapy bad", 2)
    kept("fever … immunotherapy bad", 3, Outcome.UNHELPFUL)
    kept("what is nivolumab", 4)
    kept("fever immunotherapy bad", 9, language="es")
    found = clusters(AskedQuestion.objects.waiting())
    assert [(each.count, each.lead.words, each.kind) for each in found] == [
        (9, "fever immunotherapy bad", "not_covered"),
        (5, "fever … immunotherapy bad", "not_covered"),
        (4, "what is nivolumab", "not_covered"),
    ]
    assert (found[1].refused, found[1].unhelpful) == (2, 3)


def test_the_list_shows_counts_and_the_nearest_answer(editor: Staff) -> None:
    kept("what of nivolumab then", 7)
    page = signed_in(editor).get(LIST).content.decode()
    assert "asked 7 times" in page
    assert "<option selected>nivolumab-what</option>" in page


def test_what_is_done_with_leaves_the_list(editor: Staff) -> None:
    kept("what of nivolumab"), kept("nivolumab what of"), kept("a fever")
    data = {"words": ["what of nivolumab", "nivolumab what of"], "language": "en"}
    signed_in(editor).post(f"{LIST}done/", data)
    assert [row.words for row in AskedQuestion.objects.all()] == ["a fever"]


# --- The whole way ---


def test_one_click_drafts_and_a_signature_answers(editor: Staff) -> None:
    reviewer = new_staff("rita", Role.MEDICAL_REVIEWER)
    asked = ask(QUESTION, language="en")
    assert not asked.answered
    keep_if_refused(asked)
    [row] = AskedQuestion.objects.all()

    data = {"kind": "variant", "words": row.words, "language": "en", "answer": "immunotherapy-what"}
    there = signed_in(editor).post(f"{LIST}draft/", data)["Location"]
    assert not AskedQuestion.objects.exists()
    assert not ask(QUESTION).answered

    typed = {"text": QUESTION, "answer_key": "immunotherapy-what", "send": "1"}
    assert signed_in(editor).post(f"{there}change/", typed).status_code == 302
    assert "Sign: it is used" not in signed_in(editor).get(there).content.decode()
    assert not ask(QUESTION).answered

    assert "Sign: it is used" in signed_in(reviewer).get(there).content.decode()
    draft = QuestionDraft.objects.get()
    signed_in(reviewer).post(f"{there}sign/", {"as_read": draft.stamp})
    assert ask(QUESTION).answered

    signed_in(editor).post(f"{there}withdraw/")
    assert not ask(QUESTION).answered


@pytest.mark.parametrize("kind", ["answer", "refusal"])
def test_the_other_drafts_begin_with_what_is_known(editor: Staff, kind: str) -> None:
    kept("does … help the body fight cancer")
    data = {"kind": kind, "words": "does … help the body fight cancer", "language": "en"}
    browser = signed_in(editor)
    there = browser.post(f"{LIST}draft/", {**data, "refusal": "dose", "answer": "nobody"})
    draft = QuestionDraft.objects.get()
    if kind == "answer":
        assert draft.answer_key == "does-help-the-body-fight-cancer"
        assert "how-it-works#what" in draft.sentences
    else:
        assert draft.refusal == "dose"
    typed = {"text": draft.text, "new_key": "x", "topic": "basics", "refusal": "dose", "send": "1"}
    page = browser.post(f"{there['Location']}change/", {**typed, "sentences": "how-it-works#what"})
    assert page.status_code == 422
    assert "Put words where the mark" in page.content.decode()
