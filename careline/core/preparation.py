"""Knowing whether an installation is prepared, before Django is set up.

A second start has to take seconds. Migrating, collecting static files and
loading packs are therefore skipped when nothing they depend on has changed; a
fingerprint of those files is kept in the state folder.
"""

import hashlib
import json
import os
from pathlib import Path

from django.conf import settings

PACKAGE = settings.BASE_DIR / "careline"
_WATCHED = (
    (PACKAGE, "*/migrations/*.py"),
    (PACKAGE, "static/**/*"),
    (PACKAGE, "*/locale/**/*.po"),
    (PACKAGE, "*/management/commands/*.py"),
    (PACKAGE, "content/**/*.py"),
    (settings.BASE_DIR, "requirements.lock"),
    (settings.PACKS_DIR, "**/*"),
)


def fingerprint() -> str:
    """Return a hash over everything that preparing depends on."""
    digest = hashlib.sha256()
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        digest.update(f"{name}={os.environ.get(name, '')}\0".encode())
    for folder, pattern in _WATCHED:
        for file in sorted(folder.glob(pattern)):
            if file.is_file():
                stat = file.stat()
                digest.update(f"{file}:{stat.st_size}:{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _record() -> Path:
    return Path(settings.STATE_DIR, "prepared.json")


def is_prepared(*, with_staff: bool) -> bool:
    """Return whether the last preparation still fits (and made demonstration staff, if asked)."""
    try:
        record = json.loads(_record().read_text())
    except (OSError, ValueError):
        return False
    return record.get("fingerprint") == fingerprint() and (record.get("staff") or not with_staff)


def remember_prepared(*, with_staff: bool) -> None:
    """Note that everything is prepared as it is now."""
    _record().write_text(json.dumps({"fingerprint": fingerprint(), "staff": with_staff}))
