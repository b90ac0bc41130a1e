"""A visitor's own contact, found by the token that their browser holds."""

from django.http import HttpRequest

from careline.contacts import actions, tokens
from careline.contacts.enums import AuthorKind, EndReason
from careline.contacts.errors import ContactMissing
from careline.contacts.models import Contact


def contact_of(request: HttpRequest) -> Contact | None:
    """Return the contact that this browser may see, or None.

    A contact whose words were deleted at the end of their retention counts as none.
    """
    contact_id = tokens.held_by(request)
    if contact_id is None:
        return None
    return Contact.objects.filter(pk=contact_id, transcript_purged_at=None).first()


def leave(request: HttpRequest) -> None:
    """End the visitor's conversation because they left in a hurry; nothing if there is none."""
    contact_id = tokens.held_by(request)
    if contact_id is None:
        return
    try:
        actions.end(
            acting_user=None,
            contact_id=contact_id,
            by=AuthorKind.VISITOR,
            reason=EndReason.LEFT,
        )
    except ContactMissing:
        return
