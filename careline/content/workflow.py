"""What happens when a review in Wagtail's own screens ends with "approve": nothing goes public.

Named by WAGTAIL_FINISH_WORKFLOW_ACTION. The medical review is signed in its own
screen, with the changes and the checklist before the reviewer's eyes. Wagtail's
own step has no such button; an administrator can set up another that does.
"""

from typing import Any

from django.core.exceptions import PermissionDenied


def refuse_to_publish(workflow_state: Any, user: Any = None) -> None:
    """Raise PermissionDenied, which undoes the review's last step."""
    raise PermissionDenied
