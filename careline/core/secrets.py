"""The installation's own secret, made once and kept in its state folder."""

import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def read_or_create_secret(path: Path) -> str:
    """Return the secret kept at `path`, making it first where there is none.

    Written aside with mode 0600, then linked into place, so that two processes
    which start together agree on one whole secret.
    """
    if not path.exists():
        descriptor, aside = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # Another process was first; its secret counts.
        finally:
            Path(aside).unlink()
    return path.read_text().strip()
