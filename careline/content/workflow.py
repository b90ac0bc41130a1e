"""What happens when a review in Wagtail's screens ends with "approve".

Named by WAGTAIL_FINISH_WORKFLOW_ACTION. Wagtail imports this module while its
models are still loading, so ours are imported when it is called.
"""

from typing import Any

from django.core.exceptions import PermissionDenied


def sign_approved(workflow_state: Any, user: Any = None) -> None:
    """Sign and publish exactly the revision that the review was about.

    Raises PermissionDenied, which undoes the review's last step, when the
    person may not sign it.
    """
    from careline.content.actions import approve_and_publish
    from careline.content.errors import PublishingRefused
    from careline.content.models import ReviewedPage

    page = workflow_state.content_object.specific
    if not isinstance(page, ReviewedPage):
        raise PermissionDenied
    try:
        approve_and_publish(page, workflow_state.current_task_state.revision, acting_user=user)
    except PublishingRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
