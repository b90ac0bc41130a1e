"""Every write of this app."""

from careline.content.actions.packs import check_pack, load_pack, plan_pack
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
    "check_pack",
    "comment_on",
    "ensure_site",
    "explain_withdrawal",
    "grant_group_permissions",
    "load_pack",
    "note_review_asked",
    "plan_pack",
    "publish_signed",
    "remind_of_reviews",
    "send_back",
    "send_for_review",
    "settle_comment",
    "sign_review",
    "withdraw",
]
