"""Every write of this app but the loading of packs, which is in `packs`."""

from careline.content.actions.publishing import (
    Signature,
    approve_and_publish,
    publish_signed,
    withdraw,
)
from careline.content.actions.reminders import remind_of_reviews
from careline.content.actions.reviewing import (
    comment_on,
    note_review_asked,
    send_back,
    send_for_review,
    settle_comment,
    sign_review,
)
from careline.content.actions.site import ensure_site
from careline.content.actions.staff import grant_group_permissions
from careline.content.actions.withdrawing import explain_withdrawal

__all__ = [
    "Signature",
    "approve_and_publish",
    "comment_on",
    "ensure_site",
    "explain_withdrawal",
    "grant_group_permissions",
    "note_review_asked",
    "publish_signed",
    "remind_of_reviews",
    "send_back",
    "send_for_review",
    "settle_comment",
    "sign_review",
    "withdraw",
]
