"""What is known of a page's withdrawal."""

from careline.content.enums import WithdrawalReason
from careline.content.models import ReviewedPage
from careline.core.models import AuditEntry


def is_withdrawn(page: ReviewedPage) -> bool:
    """Return whether the page was signed once and no signature stands any more."""
    live = ReviewedPage.objects.filter(pk=page.pk, live=True).exists()
    return not live and page.approvals.exists() and not page.approvals.standing().exists()


def why_withdrawn(page: ReviewedPage) -> WithdrawalReason | None:
    """Return the reason given since the page was last withdrawn; None when nobody gave one."""
    entries = AuditEntry.objects.filter(subject_id=str(page.pk), subject_type__endswith="page")
    names = ("content.page_withdrawn", "content.withdrawal_explained")
    last = entries.filter(action__in=names).order_by("-pk").first()
    if last is None or "reason" not in last.detail:
        return None
    return WithdrawalReason(last.detail["reason"])
