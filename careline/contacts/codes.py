"""The code by which a visitor comes back to a contact from another device.

Sixteen characters of Crockford's base 32 (80 random bits), written by hand in four groups.
Only a slow hash of it is kept, so that neither we nor a copy of the database can say it again.
"""

import hashlib
import secrets
import uuid

from careline.contacts.models import Contact
from careline.contacts.visitor_models import ResumeCode

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16
_GROUP = 4
# What people write for what they read.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
# The code is random and long: the salt only keeps these hashes apart from other uses.
_SALT = b"careline.contacts.resume-code"
_COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


def new_code() -> str:
    """Return a fresh code, in groups."""
    drawn = "".join(secrets.choice(_ALPHABET) for _position in range(_LENGTH))
    return "-".join(drawn[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def digest_of(code: str) -> str:
    """Return what is kept of a code, however it was written; empty if it can't be one.

    About 40 ms: whoever has the database can't try many.
    """
    plain = "".join(sign for sign in code.upper() if sign.isalnum()).translate(_READ_AS)
    if len(plain) != _LENGTH or not set(plain) <= set(_ALPHABET):
        return ""
    return hashlib.scrypt(plain.encode(), salt=_SALT, **_COST).hex()


def contact_with(code: str) -> Contact | None:
    """Return the contact that this code opens, as long as its words are kept."""
    digest = digest_of(code)
    if not digest:
        return None
    return Contact.objects.filter(resume_code__digest=digest, transcript_purged_at=None).first()


def keep(contact_id: uuid.UUID, digest: str) -> None:
    """Let the code with this digest open the contact; one that it had before opens nothing more.

    It takes the digest, so that the slow hash is made before anything is locked.
    """
    ResumeCode.objects.update_or_create(contact_id=contact_id, defaults={"digest": digest})
