"""Who can sign what, and what a signature does."""

import datetime as dt

import pytest
import time_machine
from wagtail.models import Revision

from careline.accounts.models import Staff
from careline.content import version
from careline.content.actions import approve_and_publish
from careline.content.errors import PublishingRefused
from careline.content.models import ClaimConflict, ReviewedPage, Sentence
from careline.content.tests.conftest import page_named
from careline.core.models import AuditEntry

NEW = "Immunotherapy helps your own body fight cancer."


def rewrite(page: ReviewedPage, user: Staff | None, text: str = NEW) -> Revision:
    """Save a draft in which the first sentence has other words."""
    draft = page.get_latest_revision_as_object()
    draft.body[1].value["sentences"][0]["text"] = text
    return draft.save_revision(user=user)


def texts(page: ReviewedPage) -> set[str]:
    approved = Sentence.objects.approved().filter(page_id=page.pk)
    return set(approved.values_list("text", flat=True))


def test_an_editor_cannot_sign(page: ReviewedPage, editor: Staff, reviewer: Staff) -> None:
    with pytest.raises(PublishingRefused, match="medical reviewer"):
        approve_and_publish(page, rewrite(page, reviewer), acting_user=editor)
    assert NEW not in texts(page)


def test_an_administrator_without_the_role_cannot_sign(page: ReviewedPage, editor: Staff) -> None:
    admin = Staff.objects.create_superuser("root", password="x")
    with pytest.raises(PublishingRefused):
        approve_and_publish(page, rewrite(page, editor), acting_user=admin)


def test_nobody_signs_words_of_their_own(page: ReviewedPage, reviewer: Staff) -> None:
    with pytest.raises(PublishingRefused, match="yourself"):
        approve_and_publish(page, rewrite(page, reviewer), acting_user=reviewer)


def test_nobody_hides_own_words_under_a_later_draft(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    rewrite(page, reviewer)
    last = rewrite(page, editor, "Immunotherapy helps a body fight cancer.")
    with pytest.raises(PublishingRefused, match="yourself"):
        approve_and_publish(page, last, acting_user=reviewer)


def test_signing_unchanged_words_again_needs_another_than_their_author(
    page: ReviewedPage, reviewer: Staff, other_reviewer: Staff
) -> None:
    approve_and_publish(page, rewrite(page, reviewer), acting_user=other_reviewer)
    again = page_named("how-it-works").save_revision(user=reviewer)
    with pytest.raises(PublishingRefused, match="yourself"):
        approve_and_publish(page, again, acting_user=reviewer)


def test_a_revision_of_another_page_is_refused(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = page_named("nivolumab").save_revision(user=editor)
    with pytest.raises(PublishingRefused, match="another page"):
        approve_and_publish(page, revision, acting_user=reviewer)


def test_a_page_with_an_open_conflict_is_refused(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    ClaimConflict.objects.update(status="open")
    before = version.current()
    with pytest.raises(PublishingRefused, match="conflict"):
        approve_and_publish(page, rewrite(page, editor), acting_user=reviewer)
    assert version.current() == before


def test_the_key_of_a_published_page_stays(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    page.key = "another"
    with pytest.raises(PublishingRefused, match="key"):
        approve_and_publish(page, page.save_revision(user=editor), acting_user=reviewer)


def test_a_scheduled_revision_is_refused(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    page.expire_at = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(PublishingRefused, match="schedule"):
        approve_and_publish(page, page.save_revision(user=editor), acting_user=reviewer)


@time_machine.travel("2026-11-23T12:00:00Z")
def test_a_reviewer_signs_exactly_one_revision(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    revision = rewrite(page, editor)
    rewrite(page, editor, "A later draft.")
    before = version.current()

    approval = approve_and_publish(page, revision, acting_user=reviewer)

    page.refresh_from_db()
    assert page.live_revision_id == revision.pk == approval.revision
    assert NEW in texts(page) and "A later draft." not in texts(page)
    assert approval.reviewer == reviewer and approval.reviewer_name == "Rita, MD"
    assert approval.reviewed_on == dt.date(2026, 11, 23)
    assert approval.review_due == dt.date(2028, 11, 22)
    assert not approval.demonstration
    assert version.current() > before
    entry = AuditEntry.objects.filter(action="content.page_published").first()
    assert entry is not None and entry.actor == reviewer
    assert entry.detail["revision"] == revision.pk


def test_a_changed_sentence_is_a_new_row_and_the_old_one_still_resolves(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    old = page.sentences.get(label="what")
    approve_and_publish(page, rewrite(page, editor), acting_user=reviewer)

    old.refresh_from_db()
    assert old.retired_at is not None and old.text != NEW
    assert not old.is_approved()
    assert page.sentences.get(label="what", retired_at=None).text == NEW


def test_unchanged_sentences_keep_their_signature(
    page: ReviewedPage, editor: Staff, reviewer: Staff, other_reviewer: Staff
) -> None:
    approve_and_publish(page, rewrite(page, editor, "One."), acting_user=other_reviewer)
    first = page.sentences.get(label="fever").approval

    approve_and_publish(page, rewrite(page, editor, "Two."), acting_user=reviewer)

    assert page.sentences.get(label="fever").approval == first
    changed = page.sentences.get(label="what", retired_at=None)
    assert changed.approval.reviewer == reviewer


def test_a_real_signature_takes_the_place_of_a_demonstration(
    page: ReviewedPage, editor: Staff, reviewer: Staff
) -> None:
    approve_and_publish(page, rewrite(page, editor), acting_user=reviewer)
    current = page.sentences.filter(retired_at=None)
    assert {sentence.approval.reviewer for sentence in current} == {reviewer}


def test_a_new_source_needs_a_new_signature(
    page: ReviewedPage, editor: Staff, reviewer: Staff, other_reviewer: Staff
) -> None:
    approve_and_publish(page, rewrite(page, editor), acting_user=other_reviewer)
    draft = page.get_latest_revision_as_object()
    sentence = draft.body[1].value["sentences"][0]
    sentence["sources"].append(draft.body[2].value["sentences"][0]["sources"][0])
    approve_and_publish(page, draft.save_revision(user=editor), acting_user=reviewer)

    row = page.sentences.get(label="what", retired_at=None)
    assert row.approval.reviewer == reviewer
    assert {source.pk for source in row.sources.all()} == {"acs", "pdq"}
