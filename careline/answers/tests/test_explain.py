"""`careline ask --explain`: staff see why; what everybody gets stays as it is."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from careline.answers.explaining import explain
from careline.content.models import ApprovedAnswer
from careline.core import clock


def asked(question: str, **options: Any) -> str:
    out = StringIO()
    call_command("ask", question, stdout=out, **options)
    return out.getvalue()


def test_a_batch_is_not_explained(pack: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="one question") as refused:
        call_command("ask", batch=tmp_path / "in.jsonl", out=tmp_path / "out", explain=True)
    assert refused.value.returncode == 2


def test_nothing_is_explained_unasked(pack: Path) -> None:
    assert "Why" not in asked("what is nivolumab")
    assert "why" not in json.loads(asked("what is nivolumab", json=True))


def test_a_refusal_names_what_stood_against_an_answer(pack: Path) -> None:
    shown = asked("how many mg of nivolumab do I get", explain=True)
    assert "Why: refused as dose" in shown
    assert '"how many mg of nivolumab do I get"' in shown
    assert "words hint at      dose" in shown
    assert "The question names what the answer doesn't speak of" in asked(
        "what is nivolumab in melanoma", explain=True
    )


def test_an_answer_names_the_question_that_matched(pack: Path) -> None:
    why = json.loads(asked("what does nivolumab block", explain=True, json=True))["why"]
    assert (why["chosen"], why["variant"]) == ("nivolumab-what", "what does nivolumab block")
    assert why["answer_score"] > why["refusal_score"]


def test_an_answer_that_is_not_approved_any_more_is_told_from_one_not_found(pack: Path) -> None:
    assert explain("what is nivolumab").answer.answered
    approval = ApprovedAnswer.objects.get(pk="nivolumab-what").approval
    approval.withdrawn_at = clock.now()  # The index doesn't know: no version was bumped.
    approval.save()
    found = explain("what is nivolumab")
    assert not found.answer.answered
    assert list(found.reasons()) == [
        "The answer was found, but not all of its sentences are approved now."
    ]


def test_the_rule_that_fired_is_named(pack: Path) -> None:
    shown = asked("I can't breathe", explain=True)
    assert 'emergency: cannot_breathe: "can\'t breathe"' in shown
    assert "the care card's words are the whole reply" in shown
