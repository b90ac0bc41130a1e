"""Where each page stands: public, before a reviewer, due for review, withdrawn."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Min, Q
from wagtail.models import Page, Revision, WorkflowState

from careline.content.enums import PageState
from careline.content.models import Approval, ReviewedPage, Sentence
from careline.core import clock

SOON_DAYS = 60


@dataclass(frozen=True)
class Standing:
    """One page's place on the way. `public` is empty for a page that nobody published yet."""

    page: ReviewedPage
    public: PageState | None
    draft: PageState | None
    review_due: dt.date | None = None
    sent_by: Any = None
    sent_at: dt.datetime | None = None

    @property
    def states(self) -> list[PageState]:
        """The labels to show, the public one first."""
        return [state for state in (self.public, self.draft) if state is not None]

    @property
    def days_left(self) -> int | None:
        """Days until the review date, negative after it; None for a page that isn't public."""
        return (self.review_due - clock.today()).days if self.review_due else None

    @property
    def is_due_soon(self) -> bool:
        """Return whether the page's review should be planned now."""
        return self.days_left is not None and self.days_left <= SOON_DAYS


def standings(pages: Iterable[ReviewedPage] | None = None) -> list[Standing]:
    """Return where each page stands (all of them by default), in a fixed number of queries."""
    if pages is None:
        pages = ReviewedPage.objects.select_related("locale", "topic").order_by("title")
    found = list(pages)
    due, withdrawn, reviews = _review_dates(), _withdrawn_pages(), _reviews()
    return [_standing(page, due.get(page.pk), withdrawn, reviews.get(page.pk)) for page in found]


def standing_of(page: ReviewedPage) -> Standing:
    """Return where one page stands."""
    return standings([page])[0]


def review_due_dates() -> dict[int, dt.date]:
    """Return the review date of each public page: of the sentence that is due first."""
    live = set(ReviewedPage.objects.filter(live=True).values_list("pk", flat=True))
    return {pk: day for pk, day in _review_dates().items() if pk in live}


def revision_in_review(page: ReviewedPage) -> Revision | None:
    """Return the revision that an editor sent for review, while it waits."""
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        return None
    revision: Revision = state.current_task_state.revision
    return revision


def revision_to_read(page: ReviewedPage) -> Revision | None:
    """Return the revision that a reviewer should look at now.

    It is the one in review; else the public one; else, for a withdrawn page, the
    one that was signed last; else the newest draft.
    """
    in_review = revision_in_review(page)
    if in_review is not None:
        return in_review
    if page.live and page.live_revision_id:
        return page.live_revision
    signed = page.approvals.exclude(revision=0).last()
    found = page.revisions.filter(pk=signed.revision).first() if signed else None
    return found or page.get_latest_revision()


def _review_dates() -> dict[int, dt.date]:
    standing = Approval.objects.standing().exclude(page=None)
    dates = dict(standing.values_list("page_id").annotate(Max("review_due")))
    sentences = Sentence.objects.signed()
    dates.update(sentences.order_by().values_list("page_id").annotate(Min("approval__review_due")))
    return dates


def _withdrawn_pages() -> set[int]:
    counted = Approval.objects.exclude(page=None).order_by().values("page_id")
    counted = counted.annotate(standing=Count("pk", filter=Q(withdrawn_at=None)))
    return {row["page_id"] for row in counted if not row["standing"]}


def _reviews() -> dict[int, WorkflowState]:
    pages = ContentType.objects.get_for_model(Page)
    states = WorkflowState.objects.active().filter(base_content_type=pages)
    states = states.select_related("requested_by", "current_task_state")
    return {int(state.object_id): state for state in states}


def _standing(
    page: ReviewedPage, due: dt.date | None, withdrawn: set[int], review: WorkflowState | None
) -> Standing:
    return Standing(
        page,
        public=_public_state(page, due, withdrawn),
        draft=_draft_state(page, review),
        review_due=due if page.live else None,
        sent_by=review.requested_by if review else None,
        sent_at=review.current_task_state.started_at if review else None,
    )


def _public_state(page: ReviewedPage, due: dt.date | None, withdrawn: set[int]) -> PageState | None:
    if page.pk in withdrawn and not page.live:
        return PageState.WITHDRAWN
    if not page.live:
        return None
    return PageState.REVIEW_DUE if due and due <= clock.today() else PageState.PUBLISHED


def _draft_state(page: ReviewedPage, review: WorkflowState | None) -> PageState | None:
    if review is not None:
        waits = review.status == WorkflowState.STATUS_IN_PROGRESS
        return PageState.IN_REVIEW if waits else PageState.SENT_BACK
    return PageState.DRAFT if page.has_unpublished_changes or not page.live else None
