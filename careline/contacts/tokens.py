"""The visitor's token: a signed cookie that opens one contact and nothing else.

A visitor has no account. Whoever holds the token may read and write in that contact,
so it is never in an address, a log or a page.
"""

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "careline_contact"
# Long enough to come back after an appointment; a shared phone forgets it by tomorrow.
MAX_AGE_SECONDS = 12 * 3600
_SALT = "careline.contacts.token"


def token_of(contact_id: uuid.UUID) -> str:
    """Return a fresh token for this contact."""
    return signing.TimestampSigner(salt=_SALT).sign(contact_id.hex)


def contact_id_of(cookies: Mapping[str, str]) -> uuid.UUID | None:
    """Return the contact that these cookies open; None for a missing, old or forged token."""
    token = cookies.get(COOKIE, "")
    if not token:
        return None
    try:
        value = signing.TimestampSigner(salt=_SALT).unsign(token, max_age=MAX_AGE_SECONDS)
        return uuid.UUID(hex=value)
    except (signing.BadSignature, ValueError):
        return None


def give(response: HttpResponse, contact_id: uuid.UUID) -> None:
    """Let this browser come back to the contact."""
    response.set_cookie(
        COOKIE,
        token_of(contact_id),
        max_age=MAX_AGE_SECONDS,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def take_back(response: HttpResponse) -> None:
    """Make this browser forget its contact."""
    response.delete_cookie(COOKIE, path="/", samesite="Lax")


def held_by(request: HttpRequest) -> uuid.UUID | None:
    """Return the contact whose token this request carries."""
    return contact_id_of(request.COOKIES)
