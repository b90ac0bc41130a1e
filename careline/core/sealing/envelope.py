"""Sealing one value: AES-256-GCM with a random nonce (NIST SP 800-38D).

A sealed value is one byte of format, four of the key's name, twelve of nonce, then the
encrypted text with its sixteen-byte tag. What a value belongs to (its purpose and the row)
is authenticated with it: a value that was moved to another row doesn't open.
"""

import os
import uuid
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag

from careline.core.sealing import keys

FORMAT = b"\x01"
NONCE_BYTES = 12
HEAD_BYTES = 1 + keys.NAME_BYTES


class CannotOpen(ValueError):
    """A sealed value that no key of ours opens in this place; never says what it holds."""


class Sealed(bytes):
    """A value as the database holds it."""


def belonging(purpose: str, *owner: object) -> bytes:
    """Return what to authenticate: the purpose, and what tells this row from all others."""
    return "\0".join([purpose, *(_plain(part) for part in owner)]).encode()


def _plain(part: object) -> str:
    if part is None:
        raise ValueError("A value can't be sealed before it is known what it belongs to.")
    return part.hex if isinstance(part, uuid.UUID) else str(part)


def head() -> bytes:
    """Return how each value begins that is sealed from now on."""
    return FORMAT + keys.ring().current.name


def seal(plain: bytes, belongs_to: bytes) -> Sealed:
    """Return the value as it may be stored."""
    key = keys.ring().current
    nonce = os.urandom(NONCE_BYTES)
    return Sealed(FORMAT + key.name + nonce + key.cipher.encrypt(nonce, plain, belongs_to))


def unseal(sealed: bytes, belongs_to: bytes) -> bytes:
    """Return what was sealed. Raises CannotOpen."""
    key = keys.key_named(sealed[1:HEAD_BYTES]) if sealed[:1] == FORMAT else None
    if key is None:
        raise CannotOpen("This value was sealed with a key that isn't here.")
    start = HEAD_BYTES + NONCE_BYTES
    try:
        return key.cipher.decrypt(sealed[HEAD_BYTES:start], sealed[start:], belongs_to)
    except InvalidTag:
        raise CannotOpen("This value was changed, or belongs to another row.") from None


def key_names(values: Iterable[bytes]) -> set[str]:
    """Return the names of the keys that sealed these values."""
    return {bytes(value[1:HEAD_BYTES]).hex() for value in values if value}
