"""Drafts from people's questions: nothing is used before somebody else has signed it."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from careline.accounts.actions import set_competencies
from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.content import version
from careline.content.actions.drafting import (
    change_draft,
    discard_draft,
    draft_question,
    send_draft,
    send_draft_back,
    sign_draft,
    withdraw_draft,
)
from careline.content.actions.packs import load_pack
from careline.content.enums import DraftKind, DraftState
from careline.content.errors import PublishingRefused
from careline.content.models import (
    ApprovedAnswer,
    QuestionDraft,
    QuestionVariant,
    RefusalExample,
    Topic,
)
from careline.content.packs.export import export_pack
from careline.content.tests.packmaker import edit
from careline.core.models import AuditEntry

pytestmark = pytest.mark.usefixtures("loaded")


def drafted(editor: Staff, **values: Any) -> QuestionDraft:
    given = {"kind": DraftKind.VARIANT, "language": "en", "text": "tell me", "answer_key": "what"}
    return draft_question(acting_user=editor, **{**given, **values})


def signed(editor: Staff, reviewer: Staff, **values: Any) -> QuestionDraft:
    draft = drafted(editor, **values)
    send_draft(draft, acting_user=editor)
    sign_draft(draft, acting_user=reviewer)
    return draft


def new_answer(**values: Any) -> dict[str, Any]:
    return {
        "kind": DraftKind.ANSWER,
        "text": "is a fever bad",
        "answer_key": "fever",
        "topic": Topic.objects.get(pk="basics"),
        "sentences": ["how-it-works#fever"],
        **values,
    }


def in_use(text: str) -> bool:
    return (
        QuestionVariant.objects.in_use().filter(text=text).exists()
        or RefusalExample.objects.in_use().filter(text=text).exists()
    )


# --- What is refused ---


def test_a_draft_is_not_used_before_it_is_signed(editor: Staff, reviewer: Staff) -> None:
    draft = drafted(editor)
    assert not in_use("tell me")
    with pytest.raises(PublishingRefused, match="isn't in review"):
        sign_draft(draft, acting_user=reviewer)
    send_draft(draft, acting_user=editor)
    assert not in_use("tell me")


def test_nobody_signs_what_he_or_she_wrote(editor: Staff, reviewer: Staff) -> None:
    draft = drafted(editor)
    change_draft(draft, text="tell me more", acting_user=reviewer)
    send_draft(draft, acting_user=editor)
    for person, why in ((editor, "Only a medical reviewer"), (reviewer, "You wrote this yourself")):
        with pytest.raises(PublishingRefused, match=why):
            sign_draft(draft, acting_user=person)
    assert not in_use("tell me more")


def test_only_the_text_that_was_read_is_signed(editor: Staff, reviewer: Staff) -> None:
    draft = drafted(editor)
    send_draft(draft, acting_user=editor)
    desk, address = client_of(reviewer), reverse("question_draft_sign", args=[draft.pk])
    page = desk.get(reverse("question_draft", args=[draft.pk])).content.decode()
    assert f'name="as_read" value="{draft.stamp}"' in page
    read = draft.stamp
    send_draft_back(draft, "shorter", acting_user=reviewer)
    change_draft(draft, text="tell", acting_user=editor)
    send_draft(draft, acting_user=editor)
    for as_read in (read, ""):
        told = desk.post(address, {"as_read": as_read}, follow=True).content.decode()
        assert "changed since you read it" in told
        assert not in_use("tell")
    desk.post(address, {"as_read": draft.stamp})
    assert in_use("tell")


def test_a_step_on_what_was_read_before_takes_no_words_back(editor: Staff) -> None:
    draft = drafted(editor)
    old = QuestionDraft.objects.get()
    change_draft(draft, text="tell me more", acting_user=editor)
    send_draft(old, acting_user=editor)
    assert QuestionDraft.objects.get().text == "tell me more"


def test_a_reviewer_without_competency_signs_nothing(editor: Staff, reviewer: Staff) -> None:
    set_competencies(reviewer, [], acting_user=None)
    for values in ({}, {"kind": DraftKind.REFUSAL, "refusal": "dose"}):
        draft = drafted(editor, **values)
        send_draft(draft, acting_user=editor)
        with pytest.raises(PublishingRefused, match="current competency"):
            sign_draft(draft, acting_user=reviewer)


def test_a_stranger_drafts_nothing(django_user_model: Any) -> None:
    stranger = django_user_model.objects.create_user("stranger")
    with pytest.raises(PublishingRefused, match="Only editors"):
        drafted(stranger)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"text": "what of …"}, "mark"),
        ({"answer_key": "nothing"}, "Choose the answer"),
        ({"kind": DraftKind.REFUSAL, "refusal": "cost"}, "with which words"),
        ({"kind": DraftKind.ANSWER, "answer_key": "what"}, "no other answer"),
        ({"kind": DraftKind.ANSWER, "answer_key": "fever"}, "Choose the topic"),
    ],
)
def test_half_a_draft_is_not_sent(editor: Staff, values: dict[str, Any], why: str) -> None:
    draft = drafted(editor, **values)
    with pytest.raises(PublishingRefused, match=why):
        send_draft(draft, acting_user=editor)
    assert draft.state == DraftState.DRAFT


@pytest.mark.parametrize("sentences", [[], ["how-it-works#cold"], ["how-it-works"], ["a#b"] * 7])
def test_a_new_answer_is_of_approved_sentences(editor: Staff, sentences: list[str]) -> None:
    draft = drafted(editor, **new_answer(sentences=sentences))
    with pytest.raises(PublishingRefused, match="sentence"):
        send_draft(draft, acting_user=editor)


def test_a_draft_in_review_rests(editor: Staff, reviewer: Staff) -> None:
    draft = drafted(editor)
    send_draft(draft, acting_user=editor)
    with pytest.raises(PublishingRefused, match="rests"):
        change_draft(draft, text="other", acting_user=editor)
    for step in (discard_draft, send_draft):
        with pytest.raises(PublishingRefused, match="rests"):
            step(draft, acting_user=editor)
    with pytest.raises(PublishingRefused, match="Write what should change"):
        send_draft_back(draft, " ", acting_user=reviewer)
    send_draft_back(draft, "Say which medicine.", acting_user=reviewer)
    change_draft(draft, text="tell me about nivolumab", acting_user=editor)
    assert QuestionDraft.objects.get().note == "Say which medicine."


# --- What is done ---


def test_a_signed_way_of_asking_is_used_under_its_own_signature(
    editor: Staff, reviewer: Staff
) -> None:
    before = version.current()
    signed(editor, reviewer)
    row = QuestionVariant.objects.get(text="tell me")
    assert (row.answer_id, row.approval.reviewer) == ("what", reviewer)  # type: ignore[union-attr]
    assert version.current() > before
    steps = AuditEntry.objects.filter(subject_type="content.questiondraft").order_by("pk")
    assert [entry.action.rpartition("_")[2] for entry in steps] == ["drafted", "sent", "signed"]


def test_a_refused_question_and_a_new_answer_too(editor: Staff, reviewer: Staff) -> None:
    signed(editor, reviewer, kind=DraftKind.REFUSAL, refusal="dose", text="one bag or two")
    assert in_use("one bag or two")
    signed(editor, reviewer, **new_answer())
    answer = ApprovedAnswer.objects.get(pk="fever")
    assert answer.is_approved() and answer.pack == ""
    assert [str(part) for part in answer.parts.all()] == ["how-it-works#fever"]


def test_withdrawing_takes_it_out_at_once(editor: Staff, reviewer: Staff) -> None:
    draft = signed(editor, reviewer)
    withdraw_draft(draft, acting_user=editor)
    assert not in_use("tell me")
    assert ApprovedAnswer.objects.get(pk="what").is_approved()
    with pytest.raises(PublishingRefused, match="isn't in use"):
        withdraw_draft(draft, acting_user=editor)


def test_an_update_of_the_pack_keeps_what_editors_added(
    loaded: Path, editor: Staff, reviewer: Staff, tmp_path: Path
) -> None:
    signed(editor, reviewer)
    edit(loaded, "answers.yaml", "what is it", "what is this")
    load_pack(loaded)
    assert in_use("tell me") and in_use("what is this") and not in_use("what is it")
    assert export_pack("tiny", tmp_path / "out").version == "1.0+local"
    assert "tell me" in (tmp_path / "out" / "answers.yaml").read_text(encoding="utf-8")
