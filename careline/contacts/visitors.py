"""A visitor's own contact, found by the token that their browser holds."""

import uuid
from contextlib import suppress

from django.http import HttpRequest

from careline.contacts import actions, tokens
from careline.contacts.enums import AuthorKind, EndReason
from careline.contacts.errors import ContactMissing
from careline.contacts.models import Contact


def contact_of(request: HttpRequest) -> Contact | None:
    """Return the contact that this browser may see, or None.

    A contact whose words were deleted at the end of their retention counts as none.
    """
    return _kept(tokens.held_by(request))


def contact_of_token(token: str) -> Contact | None:
    """Return the contact that this token opens, or None; for a form that brings it along."""
    return _kept(tokens.contact_id_of({tokens.COOKIE: token}))


def _kept(contact_id: uuid.UUID | None) -> Contact | None:
    if contact_id is None:
        return None
    return Contact.objects.filter(pk=contact_id, transcript_purged_at=None).first()


def leave(request: HttpRequest) -> None:
    """End the visitor's conversation because they left in a hurry; nothing if there is none.

    A callback or a message that they looked at by its code goes on: somebody will still call.
    """
    contact = contact_of(request)
    if contact is None or not contact.is_chat:
        return
    with suppress(ContactMissing):
        actions.end(
            acting_user=None,
            contact_id=contact.pk,
            by=AuthorKind.VISITOR,
            reason=EndReason.LEFT,
        )
