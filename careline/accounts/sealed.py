"""The secrets of the second factor: sealed where allauth keeps them, in a text of JSON.

allauth hands over the secret alone, without the person: it is bound to its purpose only.
"""

import base64
from collections.abc import Sequence
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from careline.core.sealing import envelope
from careline.core.sealing.rotation import forgets, reseals

_MARK = "sealed:"
_BELONGS_TO = envelope.belonging("accounts.second-factor")
# Where allauth keeps secrets, for each kind of second factor.
_SECRETS = ("secret", "seed")


def seal_secret(text: str) -> str:
    """Return the secret as it may be stored."""
    return _MARK + base64.b64encode(envelope.seal(text.encode(), _BELONGS_TO)).decode()


def open_secret(stored: str) -> str:
    """Return the secret. Raises CannotOpen, also for one that was never sealed."""
    if not stored.startswith(_MARK):
        raise envelope.CannotOpen("This secret isn't sealed.")
    return envelope.unseal(_raw(stored), _BELONGS_TO).decode()


def _raw(stored: str) -> bytes:
    return base64.b64decode(stored.removeprefix(_MARK))


class SealingMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Lets allauth seal and open through the installation's keys."""

    def encrypt(self, text: str) -> str:
        """Return the secret as it may be stored."""
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        return open_secret(encrypted_text)


@reseals("second factors")
def _reseal(dry_run: bool) -> int:
    with transaction.atomic():
        rows = [row for row in Authenticator.objects.select_for_update() if _is_outdated(row.data)]
        for row in [] if dry_run else rows:
            for name in _in(row.data):
                row.data[name] = seal_secret(open_secret(row.data[name]))
            row.save(update_fields=["data"])
    return len(rows)


@forgets
def _forget(heads: Sequence[bytes], dry_run: bool) -> dict[str, int]:
    """Delete second factors that nobody can check any more: they are set up anew."""
    lost = [
        row.pk
        for row in Authenticator.objects.all()
        if any(not _raw(row.data[name]).startswith(tuple(heads)) for name in _in(row.data))
    ]
    if dry_run:
        return {"second factors": len(lost)}
    count, _by_model = Authenticator.objects.filter(pk__in=lost).delete()
    return {"second factors": count}


def _in(data: dict[str, Any]) -> list[str]:
    return [name for name in _SECRETS if name in data]


def _is_outdated(data: dict[str, Any]) -> bool:
    return any(not _raw(data[name]).startswith(envelope.head()) for name in _in(data))
