"""The installation's own secret, made once and kept in its state folder."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def read_or_create_secret(path: Path, make: Callable[[], str] = get_random_secret_key) -> str:
    """Return the secret kept at `path`, letting `make` make it first where there is none.

    Written aside with mode 0600, then linked into place, so that two processes
    which start together agree on one whole secret.
    """
    if not path.exists():
        descriptor, aside = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # Another process was first; its secret counts.
        finally:
            Path(aside).unlink()
        sync_folder(path.parent)
    return path.read_text().strip()


def sync_folder(folder: Path) -> None:
    """Wait until the names in this folder are on disk: what is sealed next must outlive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
