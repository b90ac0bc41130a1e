"""The visitor's token: a signed cookie that opens one contact and nothing else.

A visitor has no account. Whoever holds the token may read and write in that contact,
so it is never in an address, a log or a page. In a frame on another site it is another
cookie, which browsers keep apart for each site around it.
"""

import re
import time
import uuid
from collections.abc import Mapping
from functools import lru_cache
from http.cookies import Morsel
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "careline_contact"
FRAMED_COOKIE = "careline_framed"
# Long enough to come back after an appointment; a shared phone forgets it by tomorrow.
MAX_AGE_SECONDS = 12 * 3600
_SALT = "careline.contacts.token"
_FRAMED_PATH = re.compile(r"/[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)?/widget/")


def is_framed(request: HttpRequest) -> bool:
    """Return whether this is about a page for frames on other sites (contacts.widget)."""
    return bool(_FRAMED_PATH.match(request.path_info))


def token_of(contact_id: uuid.UUID) -> str:
    """Return a fresh token for this contact."""
    return signing.TimestampSigner(salt=_SALT).sign(contact_id.hex)


def contact_id_of(cookies: Mapping[str, str], name: str = COOKIE) -> uuid.UUID | None:
    """Return the contact that these cookies open; None for a missing, old or forged token."""
    token = cookies.get(name, "")
    if not token:
        return None
    try:
        contact_id, signed_at = _signed(token)
    except (signing.BadSignature, ValueError):
        return None
    return contact_id if time.time() - signed_at <= MAX_AGE_SECONDS else None


# A signature that was good stays good, but not for ever: the age is looked at each time.
@lru_cache(maxsize=20_000)
def _signed(token: str) -> tuple[uuid.UUID, int]:
    """Return the contact and the time (seconds since 1970) that were signed.

    Raises BadSignature or ValueError, which aren't kept.
    """
    signer = signing.TimestampSigner(salt=_SALT)
    contact_id = uuid.UUID(hex=signer.unsign(token))
    return contact_id, signing.b62_decode(token.split(signer.sep)[-2])


def open_with(cookies: Mapping[str, str], contact_id: uuid.UUID) -> bool:
    """Return whether one of these cookies opens this contact, in a frame or not."""
    return contact_id in (contact_id_of(cookies), contact_id_of(cookies, FRAMED_COOKIE))


def give(response: HttpResponse, contact_id: uuid.UUID, *, framed: bool = False) -> None:
    """Let this browser come back to the contact."""
    token = token_of(contact_id)
    if framed:
        _set_framed(response, token, MAX_AGE_SECONDS)
        return
    response.set_cookie(
        COOKIE,
        token,
        max_age=MAX_AGE_SECONDS,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def take_back(response: HttpResponse, *, framed: bool = False) -> None:
    """Make this browser forget its contact."""
    if framed:
        _set_framed(response, "", 0)
    else:
        response.delete_cookie(COOKIE, path="/", samesite="Lax")


def held_by(request: HttpRequest) -> uuid.UUID | None:
    """Return the contact whose token this request carries."""
    return contact_id_of(request.COOKIES, FRAMED_COOKIE if is_framed(request) else COOKIE)


class _Partitioned(Morsel):  # type: ignore[type-arg]
    """A cookie with the attribute Partitioned, which this Python's cookies don't know yet."""

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802
        """Return the value of the header Set-Cookie."""
        return f"{super().OutputString(attrs)}; Partitioned"


def _set_framed(response: HttpResponse, value: str, max_age: int) -> None:
    # Browsers take such a cookie only by https, and from localhost.
    response.set_cookie(
        FRAMED_COOKIE,
        value,
        max_age=max_age,
        path="/",
        secure=True,
        httponly=True,
        samesite="None",
    )
    plain = response.cookies[FRAMED_COOKIE]
    apart = _Partitioned()
    apart.set(FRAMED_COOKIE, plain.value, plain.coded_value)
    apart.update(plain)
    dict.__setitem__(response.cookies, FRAMED_COOKIE, apart)
