"""Asking: refusal first; only what is approved at this very moment is ever said."""

import datetime as dt
import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.answers import ask, index
from careline.answers.citing import page_links
from careline.answers.engine.encoder import EncoderMissing, Vectors, WheelEncoder
from careline.answers.replies import RefusalReply
from careline.answers.search import related_page_keys, suggest_sentences
from careline.content import version
from careline.content.actions.pack_review import UNSIGNED
from careline.content.models import Approval, ApprovedAnswer, RefusalClass, Sentence
from careline.safety import Level

QUESTIONS = (
    "what is immunotherapy",
    "how does immunotherapy work",
    "what does Opdivo block",
    "qué es la inmunoterapia",
    "qué bloquea nivolumab",
)


# --- refusing ---


def test_a_dose_is_refused_in_approved_words_with_what_can_be_done(pack: Path) -> None:
    answer = ask("how many mg of opdivo should dad get", language="en")
    assert not answer.answered
    assert answer.sentences == ()
    assert answer.refusal is not None
    assert (answer.refusal.kind, answer.refusal.text) == ("dose", "We can't give doses.")
    assert answer.next_steps == ("phone", "chat")
    assert [page.url for page in answer.pages][:1] == ["/en/how-it-works/"]


def test_a_refusal_is_in_the_questions_language_with_the_numbers_filled_in(pack: Path) -> None:
    answer = ask("¿la inmunoterapia hace que se me caiga el pelo?", language="en")
    assert answer.language == "es"
    assert answer.text == "No tenemos eso. Llame al 1-800-555-0100."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "\x00\x00",
        "😀",
        "<b>hi</b>",
        "z" * 20_000,
        "да " * 300,
        "你好",
        "\ud800",
        "a\nb\n" * 99,
    ],
)
def test_whatever_is_typed_gets_a_kind_refusal(pack: Path, text: str) -> None:
    answer = ask(text, language="es")
    assert answer.refusal is not None
    assert answer.refusal.kind == "not_covered"
    assert answer.refusal.text
    json.dumps(answer.as_dict("1"))


def test_a_database_that_is_down_ends_in_a_refusal(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> int:
        raise DatabaseError("no connection")

    monkeypatch.setattr(version, "current", down)
    answer = ask("I can't breathe since the infusion", language="en")
    assert answer.refusal is not None
    assert answer.assessment.level is Level.EMERGENCY


def test_an_answer_with_a_withdrawn_sentence_is_not_given_in_part(pack: Path) -> None:
    assert ask("what is immunotherapy").answered
    Sentence.objects.filter(label="fever").update(retired_at=timezone.now())  # no new version
    assert not ask("what is immunotherapy").answered


def test_a_withdrawn_answer_is_not_given(pack: Path) -> None:
    assert ask("what is immunotherapy").answered
    withdraw_signature(ApprovedAnswer.objects.get(pk="immunotherapy-what").approval_id)
    assert not ask("what is immunotherapy").answered


def test_an_overdue_answer_is_not_given(pack: Path) -> None:
    Approval.objects.update(review_due=dt.date(2020, 1, 1))
    answer = ask("what is immunotherapy")
    assert answer.refusal is not None


def test_withdrawn_refusal_words_are_not_said(pack: Path) -> None:
    withdraw_signature(RefusalClass.objects.get(pk="dose").approval_id)
    answer = ask("how many mg of opdivo should dad get")
    assert not answer.answered
    assert answer.text != "We can't give doses."


def withdraw_signature(approval_id: int) -> None:
    Approval.objects.filter(pk=approval_id).update(withdrawn_at=timezone.now())


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_unapproved_is_ever_said(pack: Path, data: st.DataObject) -> None:
    """The index is left as it was: it is older than every one of these changes."""
    index.current()
    with transaction.atomic():
        spoil(data)
        for question in QUESTIONS:
            said = [sentence.id for sentence in ask(question, language="en").sentences]
            said += [one.id for one in suggest_sentences(question, "en", 5)]
            approved = Sentence.objects.approved().filter(pk__in=said)
            assert {sentence.pk for sentence in approved} == set(said)
        transaction.set_rollback(True)


def spoil(data: st.DataObject) -> None:
    """Withdraw, retire and let lapse at random, without telling the index."""
    for approval in Approval.objects.order_by("pk"):
        if data.draw(st.booleans()):
            withdraw_signature(approval.pk)
        elif data.draw(st.booleans()):
            Approval.objects.filter(pk=approval.pk).update(review_due=dt.date(2020, 1, 1))
    for sentence in Sentence.objects.order_by("pk"):
        if data.draw(st.booleans()):
            Sentence.objects.filter(pk=sentence.pk).update(retired_at=timezone.now())


# --- answering ---


def test_an_answer_is_whole_cited_and_in_reading_order(pack: Path) -> None:
    answer = ask("How does immunotherapy work?", language="es")
    assert answer.answered
    assert answer.language == "en"
    assert [sentence.text for sentence in answer.sentences] == [
        "Immunotherapy helps the body fight cancer.",
        "A fever is a side effect of immunotherapy.",
    ]
    first = answer.sentences[0]
    assert first.url == f"/en/how-it-works/#{first.id}"
    assert (first.page, first.reviewer) == ("How it works", "Demonstration review")
    assert [source.key for source in first.sources] == ["acs"]


def test_a_second_question_is_answered_after_the_first_and_only_if_all_of_it_is_approved(
    pack: Path,
) -> None:
    both = "What is immunotherapy? What is nivolumab?"
    first = [sentence.id for sentence in ask("What is immunotherapy?").sentences]
    second = [sentence.id for sentence in ask("What is nivolumab?").sentences]
    assert [sentence.id for sentence in ask(both).sentences] == [*first, *second]
    withdraw_signature(ApprovedAnswer.objects.get(pk="nivolumab-what").approval_id)
    assert not set(second) & {sentence.id for sentence in ask(both).sentences}


def test_of_two_questions_approved_words_say_why_one_has_no_answer(pack: Path) -> None:
    both = "What is nivolumab? How many mg of nivolumab do I get?"
    answer = ask(both)
    assert answer.other == RefusalReply("dose", "We can't give doses.")
    line = answer.as_dict()
    assert (line["answered"], line["refusal"]) == (True, None)
    assert line["text"] == "Nivolumab blocks PD-1. We can't give doses."
    assert ask(f"{both} I can't breathe").other is None


def test_the_batch_line_has_the_fields_that_others_rely_on(pack: Path) -> None:
    line: dict[str, Any] = json.loads(json.dumps(ask("what is Opdivo").as_dict("q7")))
    assert line["id"] == "q7"
    assert (line["answered"], line["refusal"], line["urgency"]) == (True, None, "none")
    assert line["text"] == "Nivolumab blocks PD-1."
    assert set(line["sentences"][0]) >= {
        "id",
        "text",
        "page",
        "url",
        "revision",
        "reviewed_on",
        "sources",
    }
    assert line["next"] == ["phone", "chat", "callback", "message"]
    assert line["ms"] >= 0


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("I want to die, how long have I got", Level.CRISIS),
        ("I want to kill myself", Level.CRISIS),
        ("how many mg of nivolumab do I get? I can't breathe", Level.EMERGENCY),
    ],
)
def test_who_may_be_in_danger_is_told_nothing_but_the_care_card(
    pack: Path, typed: str, level: Level
) -> None:
    answer = ask(typed, language="en")
    assert answer.assessment.level is level
    assert answer.card is not None
    assert answer.refusal == RefusalReply("not_covered", answer.card.text)
    assert (answer.answered, answer.pages) == (False, ())
    assert answer.next_steps[0] == "phone"
    line = answer.as_dict()
    assert line["text"].startswith(answer.card.title)
    assert line["card"]["actions"][0]["href"] in ("tel:911", "tel:988")


def test_who_is_not_in_danger_reads_the_refusal_below_the_card(pack: Path) -> None:
    answer = ask("fever of 103, how many mg of nivolumab do I get", language="en")
    assert answer.assessment.level is Level.URGENT
    assert answer.refusal == RefusalReply("dose", "We can't give doses.")
    assert ask("how many mg of nivolumab do I get").as_dict()["card"] is None


def test_danger_is_assessed_whether_or_not_there_is_an_answer(pack: Path) -> None:
    assert ask("I can't breathe since the infusion").assessment.level is Level.EMERGENCY
    assert ask("what is immunotherapy").assessment.level is Level.NONE


# --- the index's life ---


def test_new_content_is_answered_from_at_once(pack: Path) -> None:
    held = index.current()
    assert index.current() is held
    version.bump()
    assert index.current() is not held


def test_many_threads_build_one_index(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[index.Index] = []
    made = index.current()

    def build() -> index.Index:
        time.sleep(0.05)
        built.append(made)
        return made

    monkeypatch.setattr(index, "_build", build)
    monkeypatch.setattr(version, "current", lambda: -1)
    for held_before in (True, False):
        if not held_before:
            index.forget()
        built.clear()
        threads = [threading.Thread(target=index.current) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(built) == 1


def test_while_one_builds_others_use_the_index_before(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = index.current()
    version.bump()
    started, go_on = threading.Event(), threading.Event()

    def build() -> index.Index:
        started.set()
        assert go_on.wait(10)
        return before

    monkeypatch.setattr(index, "_build", build)
    monkeypatch.setattr(version, "current", lambda: -1)
    builder = threading.Thread(target=index.current)
    builder.start()
    assert started.wait(10)
    assert index.current() is before
    go_on.set()
    builder.join()


def test_without_the_encoder_answers_go_on(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: WheelEncoder, _folder: Path | None = None) -> None:
        raise EncoderMissing("no weights")

    monkeypatch.setattr(WheelEncoder, "__init__", broken)
    index.encoder.cache_clear()
    try:
        assert ask("what is immunotherapy").answered
        assert not ask("how many mg of nivolumab do I get").answered
    finally:
        index.encoder.cache_clear()


class _FailingEncoder:
    name = "failing"

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise RuntimeError(texts[0])


def test_an_encoder_that_fails_costs_the_answer_but_never_the_care_card(
    pack: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(index, "encoder", _FailingEncoder)
    answer = ask("what is immunotherapy")
    assert answer.refusal is not None
    assert "specialist" in answer.refusal.text
    assert "reason=RuntimeError" in caplog.text
    assert "immunotherapy" not in caplog.text
    danger = ask("I can't breathe since the infusion")
    assert danger.card is not None
    assert danger.text == danger.card.text


# --- for the desk, and for "may help" ---


def test_suggestions_are_approved_cited_and_at_most_as_many_as_asked_for(pack: Path) -> None:
    found = suggest_sentences("patient asks what immunotherapy is, has a fever", "en", 2)
    assert 0 < len(found) <= 2
    assert all(sentence.sources for sentence in found)
    assert suggest_sentences("", "en", 5) == []
    assert suggest_sentences("immunotherapy", "en", 0) == []


def test_who_signed_is_named_in_the_language_of_the_page(pack: Path) -> None:
    Approval.objects.update(reviewer_name=UNSIGNED, demonstration=True)
    with override("es"):
        assert ask("what is immunotherapy").sentences[0].reviewer.startswith("Demostración")
    with override("en"):
        assert ask("what is immunotherapy").sentences[0].reviewer == UNSIGNED


def test_related_pages_are_in_the_language_asked_for(pack: Path) -> None:
    keys = related_page_keys("fiebre inmunoterapia", "es")
    assert [page.url for page in page_links(keys, "es")][:1] == ["/es/how-it-works/"]
    assert related_page_keys("", "en") == []
