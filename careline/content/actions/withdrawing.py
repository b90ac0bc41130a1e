"""Why a page was withdrawn: said after the click, which has to be one click."""

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.models import Staff
from careline.content.actions.publishing import lock
from careline.content.actions.reviewing import comment_on
from careline.content.enums import WithdrawalReason
from careline.content.errors import PublishingRefused
from careline.content.models import ReviewedPage
from careline.content.permissions import may_withdraw
from careline.content.states import revision_to_read
from careline.content.withdrawals import is_withdrawn
from careline.core import audit


@transaction.atomic
def explain_withdrawal(
    page: ReviewedPage, reason: str, *, words: str = "", acting_user: Staff
) -> None:
    """Add to the record why the page was withdrawn; `words` become a comment on its text.

    Raises PublishingRefused for a stranger, a page that isn't withdrawn, or no reason.
    """
    if not may_withdraw(acting_user):
        raise PublishingRefused(_("Only editors and medical reviewers can withdraw a page."))
    lock(page)
    if not is_withdrawn(page):
        raise PublishingRefused(_("The page isn't withdrawn."))
    if reason not in WithdrawalReason.values:
        raise PublishingRefused(_("Choose why the page was withdrawn."))
    audit.record("content.withdrawal_explained", page, acting_user=acting_user, reason=reason)
    revision = revision_to_read(page)
    if words.strip() and revision is not None:
        comment_on(page, revision, words, acting_user=acting_user)
