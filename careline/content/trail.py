"""Who did what with a page, when: the audit trail and the saved drafts in one line of time."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careline.content.enums import WithdrawalReason
from careline.content.models import ReviewedPage, Sentence
from careline.core.models import AuditEntry

_WORDS: dict[str, Promise] = {
    "content.page_published": _("Signed and published"),
    "content.page_withdrawn": _("Withdrawn"),
    "content.withdrawal_explained": _("Reason for the withdrawal"),
    "content.sentences_retired": _("Sentences retired"),
    "content.review_asked": _("Sent for review"),
    "content.review_sent_back": _("Sent back"),
    "content.comment_made": _("Comment made"),
    "content.comment_settled": _("Comment settled"),
}
DRAFT_SAVED = _("Draft saved")


@dataclass(frozen=True)
class TrailLine:
    """One thing that happened. `by` is empty for what the service did itself."""

    at: dt.datetime
    by: str
    what: Promise | str
    revision: int | None = None


def trail_of(page: ReviewedPage) -> list[TrailLine]:
    """Return everything on the page's record, the newest first."""
    lines = [
        TrailLine(
            entry.at,
            _name(entry.actor),
            _what(entry),
            entry.detail.get("revision"),
        )
        for entry in _entries(page)
    ]
    lines += [
        TrailLine(revision.created_at, _name(revision.user), DRAFT_SAVED, revision.pk)
        for revision in page.revisions.select_related("user")
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _what(entry: AuditEntry) -> Promise | str:
    words = _WORDS.get(entry.action, entry.action)
    reason = entry.detail.get("reason")
    return f"{words}: {WithdrawalReason(reason).label}" if reason else words


def _entries(page: ReviewedPage) -> list[AuditEntry]:
    """The audit entries on the page, whichever of its types they name, and on its sentences."""
    entries = AuditEntry.objects.filter(action__startswith="content.").select_related("actor")
    own = entries.filter(subject_id=str(page.pk), subject_type__endswith="page")
    sentences = Sentence.objects.filter(page_key=page.key, language=page.language).values("pk")
    retired = entries.filter(subject_type="content.sentence", subject_id__in=sentences)
    return [*own, *retired]


def _name(user: Any) -> str:
    return user.own_name if user is not None else ""
