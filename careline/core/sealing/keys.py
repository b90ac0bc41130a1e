"""The installation's encryption keys: the first writes, all of them read.

They come from ``ENCRYPTION_KEYS`` (commas between) or from the file `encryption-keys`
in the state folder (one a line), which is made at the first use: never for a database in
which a key sealed something already. The newest stands first.
A process looks at the file again every few seconds, and at once when it meets a key that
it doesn't know: so a key can be changed while others write.
"""

import base64
import binascii
import hashlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from careline.core.events import Event, log
from careline.core.secrets import read_or_create_secret, sync_folder

KEY_BYTES = 32
NAME_BYTES = 4
FILE_NAME = "encryption-keys"
_LOOK_AGAIN_SECONDS = 5.0


class KeysGone(ImproperlyConfigured):
    """There is no key here, but this database holds what one sealed: a new one would hide that."""


@dataclass(frozen=True)
class Key:
    """One key. Its name says nothing about it and stands before all that it sealed."""

    name: bytes
    cipher: AESGCM

    @classmethod
    def of(cls, text: str) -> "Key":
        """Read a key: 32 random bytes in URL-safe base64. Raises ImproperlyConfigured."""
        try:
            secret = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise ImproperlyConfigured(  # Not shown: it may be most of a real one.
                "An encryption key has to be 32 random bytes in URL-safe base64 (44 characters). "
                "`careline rotate-keys --print-key` prints a fresh one."
            )
        name = hashlib.sha256(b"careline key name\0" + secret).digest()[:NAME_BYTES]
        return cls(name, AESGCM(secret))


class Keyring:
    """The keys of one moment."""

    def __init__(self, texts: Sequence[str]) -> None:
        keys = [Key.of(text) for text in texts]
        if not keys:
            raise ImproperlyConfigured("There is no encryption key.")
        self.current = keys[0]
        self.by_name = {key.name: key for key in reversed(keys)}

    @property
    def names(self) -> list[str]:
        """The names of the keys as the database knows them, the newest first."""
        return [name.hex() for name in reversed(self.by_name)]


def new_key() -> str:
    """Return a fresh key as text."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def file() -> Path:
    """Return where the keys are kept when the environment doesn't give them."""
    return Path(settings.STATE_DIR, FILE_NAME)


def come_from_environment() -> bool:
    """Return whether the deployment gives the keys itself, so that none are kept in a file."""
    return bool(settings.ENCRYPTION_KEYS)


def in_use() -> list[str]:
    """Return the keys as text, the newest first; the first is made where nothing is sealed yet.

    Raises KeysGone where there is none any more.
    """
    if come_from_environment():
        return list(settings.ENCRYPTION_KEYS)
    if not file().exists() and _a_key_was_used():
        raise KeysGone(
            f"The file {file()} is gone, and this database holds what its keys sealed. Put it back "
            "from your backup, or name all keys in ENCRYPTION_KEYS: docs/operations.md, Keys."
        )
    return read_or_create_secret(file(), make=new_key).split()


def make_first() -> None:
    """Make a key where there is none, even for a database in which others sealed something."""
    if not come_from_environment():
        read_or_create_secret(file(), make=new_key)


def _a_key_was_used() -> bool:
    model = apps.get_model("core", "SealingKey")
    # A database that is being made, or that comes from before there were keys, has no such table.
    made = model._meta.db_table in connection.introspection.table_names()
    return made and model._default_manager.exists()


def keep(texts: Sequence[str]) -> None:
    """Replace the file of keys in one step; only its owner can read it."""
    aside = file().with_suffix(".new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write("".join(f"{text}\n" for text in texts))
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(file())
    sync_folder(file().parent)
    forget()


_lock = threading.Lock()
_ring: Keyring | None = None
_state: object = None
_looked_at = 0.0


def ring() -> Keyring:
    """Return the keys as they are now."""
    if _ring is not None and time.monotonic() - _looked_at < _LOOK_AGAIN_SECONDS:
        return _ring
    return _read()


def key_named(name: bytes) -> Key | None:
    """Return the key with this name; one that another process has just made is found too."""
    key = ring().by_name.get(name)
    return key or _read().by_name.get(name)


def forget() -> None:
    """Let the next use read the keys anew."""
    global _ring, _state
    with _lock:
        _ring = _state = None


def _read() -> Keyring:
    global _ring, _state, _looked_at
    with _lock:
        now = _state_of_keys()
        if _ring is not None and now is None:
            # What is in memory may be the last copy. It stays, and no other takes its place.
            if _state is not None:
                log(Event.KEY_FILE_MISSING, level=logging.ERROR, keys=len(_ring.by_name))
            _state = None
        elif _ring is None or now != _state:
            _ring, _state = Keyring(in_use()), _state_of_keys()
        _looked_at = time.monotonic()
        return _ring


def _state_of_keys() -> object:
    if come_from_environment():
        return tuple(settings.ENCRYPTION_KEYS)
    try:
        found = file().stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
