"""The database of the suite: migrated once, then copied for each process."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test.utils import setup_databases, teardown_databases

REPOSITORY = Path(__file__).resolve().parent


def _migrations_fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted(REPOSITORY.glob("careline/*/migrations/*.py")):
        digest.update(file.read_bytes())
    digest.update((REPOSITORY / "requirements.lock").read_bytes())
    return digest.hexdigest()[:16]


def _migrated_template() -> Path:
    """Return a migrated SQLite file, made once for these migrations on this machine."""
    folder = Path(tempfile.gettempdir()) / "careline-test-templates"
    folder.mkdir(exist_ok=True)
    template = folder / f"{_migrations_fingerprint()}.sqlite3"
    if not template.exists():
        aside = folder / f"{template.stem}-{os.getpid()}.new"
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{aside}",
            "DJANGO_SETTINGS_MODULE": "careline.settings.test",
        }
        subprocess.run(
            [sys.executable, "-m", "careline", "migrate", "--verbosity", "0"],
            check=True,
            env=environment,
            cwd=REPOSITORY,
        )
        with sqlite3.connect(aside) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        aside.replace(template)
    return template


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Give this process a database of its own; PostgreSQL makes its one by migrating."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        shutil.copy(_migrated_template(), file)
        settings.DATABASES["default"]["NAME"] = str(file)
        connection.settings_dict["NAME"] = str(file)
        yield
        connections.close_all()
        return
    suffix = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    connection.settings_dict.setdefault("TEST", {})["NAME"] = f"test_careline_{suffix}"
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[]
        )
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    """No test inherits another's rate limits or cached values."""
    from careline.core import ratelimit

    ratelimit.forget_all()
    cache.clear()
    yield
