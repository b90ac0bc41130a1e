"""Who signs what in a medical review, and what a signature then stands under."""

import datetime as dt

import pytest
import time_machine
from wagtail.models import Revision, WorkflowState

from careline.accounts.models import Staff
from careline.content.actions import (
    comment_on,
    send_back,
    send_for_review,
    settle_comment,
    sign_review,
    withdraw,
)
from careline.content.changes import sentence_changes
from careline.content.enums import ChangeKind, PageState
from careline.content.errors import PublishingRefused
from careline.content.models import Approval, ReviewComment, ReviewedPage, Topic
from careline.content.states import revision_in_review, revision_to_read, standing_of
from careline.content.tests.conftest import ANSWERS, page_named
from careline.content.tests.test_approve_and_publish import NEW, rewrite, texts
from careline.core import clock
from careline.core.models import AuditEntry

KEY = "how-it-works"


def sent(editor: Staff, text: str = NEW) -> Revision:
    """An editor's draft, sent for review."""
    revision = rewrite(page_named(KEY), editor, text)
    send_for_review(page_named(KEY), acting_user=editor)
    return revision


def sign(revision: Revision, user: Staff, **more: bool) -> Approval:
    return sign_review(page_named(KEY), revision, answers=ANSWERS, acting_user=user, **more)


# --- Refused ---


def test_a_draft_that_nobody_sent_is_not_signed(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    with pytest.raises(PublishingRefused, match="sent this text"):
        sign(rewrite(page, editor), reviewer)
    assert NEW not in texts(page)


def test_an_editor_signs_nothing(page: ReviewedPage, editor: Staff) -> None:
    with pytest.raises(PublishingRefused, match="medical reviewer"):
        sign(sent(editor), editor)


def test_a_reviewer_does_not_sign_words_of_his_own(page: ReviewedPage, reviewer: Staff) -> None:
    with pytest.raises(PublishingRefused, match="yourself"):
        sign(sent(reviewer), reviewer)
    assert revision_in_review(page_named(KEY)) is not None, "the review isn't over"


def test_an_expired_competency_signs_nothing(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = sent(editor)
    yesterday = clock.today() - dt.timedelta(days=1)
    reviewer.competencies.update(certified_until=yesterday)
    with pytest.raises(PublishingRefused, match="competency"):
        sign(revision, reviewer)
    reviewer.competencies.update(certified_until=clock.today())
    assert sign(revision, reviewer).reviewer == reviewer, "its last day still counts"


@pytest.mark.parametrize("change", [{"language": "es"}, {"topic": "other"}])
def test_a_competency_for_something_else_signs_nothing(
    page: ReviewedPage, editor: Staff, reviewer: Staff, change: dict[str, str]
) -> None:
    reviewer.competencies.exclude(language="en").delete()
    reviewer.competencies.update(**change)
    with pytest.raises(PublishingRefused, match="competency"):
        sign(sent(editor), reviewer)


def test_moving_a_page_to_the_reviewers_topic_does_not_help(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    reviewer.competencies.update(topic="other")
    Topic.objects.create(key="other", title={"en": "Other"}, summary={"en": "S"})
    page.topic_id = "other"
    page.save_revision(user=editor)
    send_for_review(page_named(KEY), acting_user=editor)
    with pytest.raises(PublishingRefused, match="competency"):
        sign(page_named(KEY).get_latest_revision(), reviewer)


@pytest.mark.parametrize("spoilt", [{"sources": "no"}, {"words": ""}, {"risk": "perhaps"}])
def test_an_unanswered_checklist_signs_nothing(
    page: ReviewedPage, editor: Staff, reviewer: Staff, spoilt: dict[str, str]
) -> None:
    revision = sent(editor)
    with pytest.raises(PublishingRefused, match="checklist"):
        sign_review(page_named(KEY), revision, answers=ANSWERS | spoilt, acting_user=reviewer)
    assert NEW not in texts(page)


def test_another_text_than_the_one_in_review_is_not_signed(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    earlier = rewrite(page, editor, "An earlier draft.")
    sent(editor)
    with pytest.raises(PublishingRefused, match="Another text"):
        sign(earlier, reviewer)


def test_only_a_reviewer_sends_back_and_not_without_words(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    sent(editor)
    with pytest.raises(PublishingRefused, match="medical reviewer"):
        send_back(page_named(KEY), "Change it.", acting_user=editor)
    with pytest.raises(PublishingRefused, match="what should change"):
        send_back(page_named(KEY), "  ", acting_user=reviewer)
    assert revision_in_review(page_named(KEY)) is not None


def test_a_stranger_neither_sends_nor_comments(page: ReviewedPage, editor: Staff) -> None:
    stranger = Staff.objects.create_user("nobody")
    revision = rewrite(page, editor)
    with pytest.raises(PublishingRefused):
        send_for_review(page, acting_user=stranger)
    with pytest.raises(PublishingRefused):
        comment_on(page, revision, "Words.", acting_user=stranger)
    with pytest.raises(PublishingRefused, match="part of the text"):
        comment_on(page, revision, "Words.", sentence_id="s-000000000000", acting_user=editor)


# --- Allowed ---


def test_a_review_ends_in_a_signature_with_its_checklist(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = sent(editor)
    assert standing_of(page_named(KEY)).draft is PageState.IN_REVIEW

    approval = sign(revision, reviewer)

    assert approval.revision == revision.pk and approval.checklist == ANSWERS
    assert NEW in texts(page)
    state = WorkflowState.objects.get(object_id=str(page.pk))
    assert state.status == WorkflowState.STATUS_APPROVED
    assert standing_of(page_named(KEY)).states == [PageState.PUBLISHED]


def test_a_text_sent_back_comes_again_with_its_comments(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    sent(editor)
    send_back(page_named(KEY), "Say it more simply.", acting_user=reviewer)
    assert standing_of(page_named(KEY)).draft is PageState.SENT_BACK
    comment = ReviewComment.objects.open().get()
    assert comment.author == reviewer

    revision = sent(editor, "Immunotherapy helps a body.")
    settle_comment(comment, acting_user=editor)
    assert not ReviewComment.objects.open().exists()
    assert sign(revision, reviewer).revision == revision.pk


def test_what_changed_gets_the_new_signature_and_only_that(
    page: ReviewedPage, editor: Staff, reviewer: Staff, other_reviewer: Staff
) -> None:
    sign(sent(editor), other_reviewer)
    draft = page_named(KEY).get_latest_revision_as_object()
    first, second = draft.body[1].value["sentences"]
    first["text"] = "Immunotherapy helps your own body fight liver cancer."
    draft.save_revision(user=editor)
    send_for_review(page_named(KEY), acting_user=editor)
    revision = page_named(KEY).get_latest_revision()
    changes = sentence_changes(page_named(KEY), revision)
    shown_as_kept = {change.id for change in changes if change.kind is ChangeKind.KEPT}

    approval = sign(revision, reviewer)

    rows = page_named(KEY).sentences.filter(retired_at=None)
    kept = {row.pk for row in rows if row.approval != approval}
    assert kept == shown_as_kept
    assert rows.get(approval=approval).text == first["text"]
    assert second["text"] in {row.text for row in rows if row.approval.reviewer == other_reviewer}


def test_reading_the_whole_page_again_renews_every_signature(
    page: ReviewedPage, editor: Staff, reviewer: Staff, other_reviewer: Staff
) -> None:
    revision = sent(editor)
    sign(revision, other_reviewer)
    assert revision_to_read(page_named(KEY)) == revision

    with time_machine.travel(clock.now() + dt.timedelta(days=700)):
        reviewer.competencies.update(certified_until=dt.date(2099, 1, 1))
        approval = sign(revision, reviewer, whole=True)
        rows = page_named(KEY).sentences.filter(retired_at=None)
        assert {row.approval for row in rows} == {approval}


def test_a_withdrawn_page_comes_back_under_a_new_signature_only(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = sent(editor)
    sign(revision, reviewer)
    withdraw(page_named(KEY), acting_user=editor)
    assert standing_of(page_named(KEY)).public is PageState.WITHDRAWN
    changes = sentence_changes(page_named(KEY), revision)
    assert {change.kind for change in changes} == {ChangeKind.AGAIN}

    sign(revision, reviewer)
    assert NEW in texts(page)


def test_each_step_is_on_record(page: ReviewedPage, editor: Staff, reviewer: Staff) -> None:
    revision = sent(editor)
    comment_on(page, revision, "Good.", acting_user=reviewer)
    sign(revision, reviewer)
    entries = AuditEntry.objects.filter(subject_id=str(page.pk), actor__isnull=False)
    assert [(entry.action, entry.actor) for entry in entries.order_by("id")] == [
        ("content.review_asked", editor),
        ("content.comment_made", reviewer),
        ("content.page_published", reviewer),
    ]


# --- The changes that the reviewer is shown ---


def kinds(revision: Revision) -> list[tuple[str, str]]:
    changes = sentence_changes(page_named(KEY), revision)
    return [(change.kind.value, change.text) for change in changes]


def test_added_removed_and_changed_sentences_are_told_apart(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    sign(sent(editor), reviewer)
    draft = page_named(KEY).get_latest_revision_as_object()
    passage = draft.body[1].value["sentences"]
    passage[1]["text"] = "Call {{phone}} at any hour to ask about immunotherapy."
    added = dict(passage[1].items()) | {"text": "Zebras graze.", "label": ""}
    passage.append(added)
    del draft.body[2]
    revision = draft.save_revision(user=editor)

    found = {text: kind for kind, text in kinds(revision)}

    assert found[NEW] == "kept"
    assert found["Call {{phone}} at any hour to ask about immunotherapy."] == "changed"
    assert found["Zebras graze."] == "added"
    assert found["A fever is a side effect of immunotherapy."] == "removed"


def test_other_sources_under_the_same_words_need_a_signature(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    sign(sent(editor), reviewer)
    draft = page_named(KEY).get_latest_revision_as_object()
    sentence = draft.body[1].value["sentences"][0]
    sentence["sources"].append(draft.body[2].value["sentences"][0]["sources"][0])
    change = sentence_changes(page_named(KEY), draft.save_revision(user=editor))[0]
    assert (change.kind, change.needs_signature) == (ChangeKind.AGAIN, True)
