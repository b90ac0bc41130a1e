"""Under whose signature a pack's content stands."""

import datetime as dt

from careline.content.actions.publishing import Signature
from careline.content.models import Approval
from careline.content.packs.schema import PackHeader
from careline.core import clock

UNSIGNED = "Demonstration, not yet signed by a medical reviewer"


def signature_of(header: PackHeader) -> Signature:
    """Return the signature that the pack names.

    An unsigned demonstration is due for review on the day on which it is loaded.
    """
    review = header.review
    today: dt.date = clock.today()
    return Signature(
        reviewer_name=review.reviewer or UNSIGNED,
        reviewed_on=review.reviewed_on or today,
        review_due=review.next_review_on or today,
        demonstration=header.demonstration,
    )


def approval_of(signature: Signature) -> Approval:
    """Return the stored signature for what isn't a page, making it the first time."""
    approval, _created = Approval.objects.standing().get_or_create(
        page=None,
        revision=0,
        reviewer=None,
        reviewer_name=signature.reviewer_name,
        reviewed_on=signature.reviewed_on,
        review_due=signature.review_due,
        demonstration=signature.demonstration,
    )
    return approval
