"""What the reviewer's screen shows for one revision of a page."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from wagtail.models import Revision

from careline.accounts.permissions import may_approve_content
from careline.content.changes import SentenceChange, part_changes, sentence_changes
from careline.content.checklist import QUESTIONS, Reply, score
from careline.content.enums import ChangeKind, WithdrawalReason
from careline.content.extraction import sentences_of
from careline.content.models import ReviewComment, ReviewedPage
from careline.content.permissions import authors_of, why_not_sign
from careline.content.states import revision_in_review, standing_of
from careline.content.withdrawals import is_withdrawn, why_withdrawn
from careline.core import clock


@dataclass(frozen=True)
class Line:
    """A sentence with what was said about it."""

    change: SentenceChange
    comments: list[ReviewComment]


def review_context(page: ReviewedPage, revision: Revision, user: Any) -> dict[str, Any]:
    """Return the context of content/review/page.html for one reader."""
    changes = sentence_changes(page, revision)
    waiting = revision_in_review(page)
    in_review = waiting is not None and waiting.pk == revision.pk
    signed_before = page.approvals.filter(revision=revision.pk).last()
    reason = why_not_sign(user, page, revision)
    by_sentence, other = _comments(page, {change.id for change in changes})
    counts = Counter(change.kind for change in changes)
    return {
        "page": page,
        "revision": revision,
        "standing": standing_of(page),
        "authors": _names(page, revision),
        "in_review": in_review,
        "is_new": not page.approvals.exists(),
        "signed_before": signed_before,
        "score": score(signed_before.checklist) if signed_before else None,
        "is_reviewer": may_approve_content(user),
        "reason": reason,
        "may_sign": not reason and (in_review or (waiting is None and signed_before is not None)),
        "lines": [Line(change, by_sentence.get(change.id, [])) for change in changes],
        "counts": [(kind, counts[kind]) for kind in ChangeKind if counts[kind]],
        "to_sign": sum(change.needs_signature for change in changes),
        "parts": part_changes(page, revision),
        "comments": other,
        "questions": [(question, "") for question in QUESTIONS],
        "replies": Reply.choices,
        "next_review": clock.today() + dt.timedelta(days=settings.REVIEW_PERIOD_DAYS),
        "withdrawn": is_withdrawn(page),
        "why_withdrawn": why_withdrawn(page),
        "withdrawal_reasons": WithdrawalReason.choices,
        "has_newer_draft": page.latest_revision_id != revision.pk,
    }


def _names(page: ReviewedPage, revision: Revision) -> list[str]:
    authors = authors_of(page, revision)
    users = {step.user_id: step.user for step in page.revisions.select_related("user")}
    return [users[pk].own_name for pk in sorted(authors)]


def _comments(
    page: ReviewedPage, ids: set[str]
) -> tuple[dict[str, list[ReviewComment]], list[tuple[ReviewComment, str]]]:
    """Return the open comments by sentence, and those on the whole text or on earlier words."""
    by_sentence: dict[str, list[ReviewComment]] = {}
    other: list[tuple[ReviewComment, str]] = []
    for comment in page.review_comments.open().select_related("author"):
        if comment.sentence_id in ids:
            by_sentence.setdefault(comment.sentence_id, []).append(comment)
        else:
            other.append((comment, _earlier_words(page, comment)))
    return by_sentence, other


def _earlier_words(page: ReviewedPage, comment: ReviewComment) -> str:
    revision = page.revisions.filter(pk=comment.revision).first() if comment.sentence_id else None
    drafts = sentences_of(revision.as_object()) if revision else []
    return next((draft.text for draft in drafts if draft.id == comment.sentence_id), "")
