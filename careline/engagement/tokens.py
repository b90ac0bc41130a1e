"""The links in our mail: signed, so that only a mailbox's owner can confirm or leave."""

import uuid
from typing import NoReturn

from django.core import signing

from careline.engagement.models import CONFIRM_WITHIN

_CONFIRM = signing.TimestampSigner(salt="careline.engagement.confirm")
_LEAVE = signing.Signer(salt="careline.engagement.leave")


class LinkRefused(Exception):
    """The link is forged, too old or was used before; which one isn't said."""


def confirm_token(subscription: uuid.UUID) -> str:
    """Return a token that confirms this subscription, for `CONFIRM_WITHIN`."""
    return _CONFIRM.sign(subscription.hex)


def read_confirm_token(token: str) -> uuid.UUID:
    """Return whose token this is. Raises LinkRefused."""
    try:
        return uuid.UUID(_CONFIRM.unsign(token, max_age=CONFIRM_WITHIN))
    except (signing.BadSignature, ValueError):
        _refuse()


def leave_token(subscription: uuid.UUID) -> str:
    """Return a token that ends this subscription; it works as long as the address is kept."""
    return _LEAVE.sign(subscription.hex)


def read_leave_token(token: str) -> uuid.UUID:
    """Return whose token this is. Raises LinkRefused."""
    try:
        return uuid.UUID(_LEAVE.unsign(token))
    except (signing.BadSignature, ValueError):
        _refuse()


def _refuse() -> NoReturn:
    # From None: the cause holds the token.
    raise LinkRefused from None
