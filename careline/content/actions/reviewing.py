"""The steps of a medical review: sent, commented, signed or sent back."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, WorkflowState

from careline.accounts.models import Staff
from careline.accounts.permissions import may_approve_content, may_edit_content
from careline.content import checklist
from careline.content.actions.publishing import approve_and_publish, lock
from careline.content.errors import PublishingRefused
from careline.content.extraction import sentences_of
from careline.content.models import Approval, ReviewComment, ReviewedPage
from careline.content.states import revision_in_review
from careline.core import audit, clock


@transaction.atomic
def send_for_review(page: ReviewedPage, *, acting_user: Staff) -> WorkflowState:
    """Lay the page's newest text before the medical reviewers; it rests until they are done."""
    if not may_edit_content(acting_user):
        raise PublishingRefused(_("Only editors and medical reviewers send a page for review."))
    lock(page)
    if revision_in_review(page) is not None:
        raise PublishingRefused(_("The page is in review already."))
    workflow = page.get_workflow()
    if workflow is None:
        raise PublishingRefused(_("No medical review is set up for this page."))
    state = page.current_workflow_state  # Sent back before.
    if state is not None:
        state.cancel(user=acting_user)
    started: WorkflowState = workflow.start(page.specific, acting_user)
    note_review_asked(page, acting_user=acting_user)
    return started


@transaction.atomic
def note_review_asked(page: ReviewedPage, *, acting_user: Staff) -> None:
    """Add to the audit trail that a text was sent for review, also by Wagtail's own button."""
    revision = revision_in_review(page)
    if revision is not None:
        audit.record("content.review_asked", page, acting_user=acting_user, revision=revision.pk)


@transaction.atomic
def sign_review(
    page: ReviewedPage,
    revision: Revision,
    *,
    answers: Mapping[str, str],
    whole: bool = False,
    acting_user: Staff,
) -> Approval:
    """Sign the revision that lies in review, or again one that was signed before; publish it.

    `answers` are the reviewer's to the questions of `careline.content.checklist`;
    `whole` renews the signature under unchanged sentences too. Raises
    PublishingRefused when an answer is missing, when the revision isn't the one
    in review, and as `approve_and_publish` does.
    """
    lock(page)
    waiting = revision_in_review(page)
    if waiting is not None and waiting.pk != revision.pk:
        raise PublishingRefused(_("Another text is in review now. Look at that one."))
    if waiting is None and not page.approvals.filter(revision=revision.pk).exists():
        raise PublishingRefused(_("The editor hasn't sent this text for review."))
    if checklist.missing(answers):
        raise PublishingRefused(_("Answer every question of the checklist."))
    if waiting is not None:
        _finish(page, acting_user)
    kept = {question.key: answers[question.key] for question in checklist.QUESTIONS}
    return approve_and_publish(page, revision, acting_user=acting_user, checklist=kept, whole=whole)


def _finish(page: ReviewedPage, user: Staff) -> None:
    """Close the workflow as approved. Publishing would cancel one that is still in progress."""
    state = page.current_workflow_state
    _task_state(state).approve(user=user, update=False)
    state.status = WorkflowState.STATUS_APPROVED
    state.save(update_fields=["status"])


def _task_state(state: WorkflowState) -> TaskState:
    found: TaskState = state.current_task_state.specific
    return found


@transaction.atomic
def send_back(page: ReviewedPage, words: str, *, acting_user: Staff) -> None:
    """Give the text back to its editor with words on what to change.

    Raises PublishingRefused when the person is no medical reviewer, no text is in
    review, or there are no words.
    """
    if not may_approve_content(acting_user):
        raise PublishingRefused(_("Only a medical reviewer can send a page back."))
    lock(page)
    revision = revision_in_review(page)
    if revision is None:
        raise PublishingRefused(_("The page isn't in review."))
    comment_on(page, revision, words, acting_user=acting_user)
    _task_state(page.current_workflow_state).reject(user=acting_user)
    audit.record("content.review_sent_back", page, acting_user=acting_user, revision=revision.pk)


@transaction.atomic
def comment_on(
    page: ReviewedPage,
    revision: Revision,
    words: str,
    *,
    sentence_id: str = "",
    acting_user: Staff,
) -> ReviewComment:
    """Say something about one sentence of a revision, or about all of it.

    Raises PublishingRefused for a stranger, no words, or a sentence that the
    revision doesn't have.
    """
    if not may_edit_content(acting_user):
        raise PublishingRefused(_("Only editors and medical reviewers comment on a page."))
    if not words.strip():
        raise PublishingRefused(_("Write what should change."))
    if str(revision.object_id) != str(page.pk):
        raise PublishingRefused(_("This revision belongs to another page."))
    known = {draft.id for draft in sentences_of(revision.as_object())}
    if sentence_id and sentence_id not in known:
        raise PublishingRefused(_("This sentence isn't part of the text any more."))
    comment = ReviewComment.objects.create(
        page_id=page.pk,
        revision=revision.pk,
        sentence_id=sentence_id,
        author=acting_user,
        text=words.strip()[:2000],
    )
    audit.record("content.comment_made", page, acting_user=acting_user, comment=comment.pk)
    return comment


@transaction.atomic
def settle_comment(comment: ReviewComment, *, acting_user: Staff) -> None:
    """Mark a comment as dealt with. Raises PublishingRefused for a stranger."""
    if not may_edit_content(acting_user):
        raise PublishingRefused(_("Only editors and medical reviewers comment on a page."))
    if comment.settled_at is None:
        comment.settled_at = clock.now()
        comment.save(update_fields=["settled_at"])
        page = comment.page
        audit.record("content.comment_settled", page, acting_user=acting_user, comment=comment.pk)
