"""The database of the suite: migrated once, then copied for each process."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction
from django.test import TransactionTestCase
from django.utils import translation

# What a property says doesn't hang on how busy the machine is; speed has tests of its own.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

REPOSITORY = Path(__file__).resolve().parent
_WITH_DATABASE = {"db", "transactional_db", "django_db_setup", "prepared"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL and Redis, leave out what was said on SQLite already and can't differ here.

    That is what asks neither database nor Redis (mark `services`: it does, without a fixture that
    tells), and the journeys that only look at screens (mark `screens`).
    """
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    kept = [item for item in items if _can_differ(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _can_differ(item: pytest.Item) -> bool:
    if item.get_closest_marker("screens"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = any(item.get_closest_marker(name) for name in ("django_db", "services"))
    return marked or bool(fixtures & _WITH_DATABASE)


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
        _migrate(f"sqlite:///{aside}")
        with sqlite3.connect(aside) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        aside.replace(template)
    return template


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Give this process a migrated database of its own.

    A test that commits leaves no trace either: afterwards the database is made anew from
    its pristine copy. Django would empty every table, also of what migrations put there.
    """
    vendor = connections["default"].vendor
    prepared = _sqlite(tmp_path_factory) if vendor == "sqlite" else _postgresql(django_db_blocker)
    with prepared as restore:
        original = TransactionTestCase._fixture_teardown
        TransactionTestCase._fixture_teardown = lambda _case: restore()
        yield
        TransactionTestCase._fixture_teardown = original
        connections.close_all()


@contextmanager
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], None]]:
    file = tmp_path_factory.mktemp("database") / "test.sqlite3"
    template = _migrated_template()

    def restore() -> None:
        connections.close_all()
        for leftover in file.parent.glob("test.sqlite3*"):
            leftover.unlink()
        shutil.copy(template, file)

    restore()
    settings.DATABASES["default"]["NAME"] = str(file)
    connections["default"].settings_dict["NAME"] = str(file)
    yield restore


@contextmanager
def _postgresql(django_db_blocker: Any) -> Iterator[Callable[[], None]]:
    connection = connections["default"]
    template = f"careline_template_{_migrations_fingerprint()}"
    name = f"test_careline_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

    def restore() -> None:
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    with django_db_blocker.unblock():
        _migrate_template(connection, template)
        connection.settings_dict["NAME"] = name
        settings.DATABASES["default"]["NAME"] = name
        restore()
    yield restore
    with django_db_blocker.unblock():
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrate_template(connection: Any, template: str) -> None:
    """Make the migrated database that the others are copied from, if nobody has."""
    with connection._nodb_cursor() as cursor:
        # Processes of one run come here together: the first migrates, the others wait.
        cursor.execute("SELECT pg_advisory_lock(1)")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            aside = f"{template}_new"
            cursor.execute(f"DROP DATABASE IF EXISTS {aside} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {aside}")
            address = urlsplit(os.environ["DATABASE_URL"])
            path = address.path.rpartition("/")[0] + f"/{aside}"
            _migrate(urlunsplit(address._replace(path=path)))
            cursor.execute(f"ALTER DATABASE {aside} RENAME TO {template}")


def _migrate(address: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "careline.settings.test",
    }
    subprocess.run(
        [sys.executable, "-m", "careline", "migrate", "--verbosity", "0"],
        check=True,
        env=environment,
        cwd=REPOSITORY,
    )


@pytest.fixture(scope="module")
def written_once(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[Callable[[Callable[[], object]], None]]:
    """What is written through this is there for all tests of a module, then taken back.

    Loading a pack takes seconds. Each test still runs in a savepoint of its own, so none sees
    what another did. Not for modules whose tests commit.
    """
    around = transaction.atomic()

    def write(what: Callable[[], object]) -> None:
        with django_db_blocker.unblock():
            what()

    write(around.__enter__)
    yield write
    write(lambda: transaction.set_rollback(True))
    write(lambda: around.__exit__(None, None, None))


@pytest.fixture(scope="session", autouse=True)
def _nothing_typed_is_logged() -> Iterator[None]:
    """No line of any log of the whole run holds what a test typed."""
    from careline.core.tests.overheard import listening

    with listening() as ear:
        yield
    if leaks := ear.leaks():
        pytest.fail(f"Typed words stand in a log: {leaks[:3]}")


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """No test goes on in the language of the page that the one before it asked for."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    """No test inherits another's rate limits or cached values."""
    from careline.content import version
    from careline.core import ratelimit

    version.forget()
    ratelimit.forget_all()
    cache.clear()
    yield
