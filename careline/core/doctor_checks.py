"""Checks of the machine, the state folder, the database and the settings."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from careline.core import messages_catalogue, redis_server
from careline.core.doctor import Finding, check, note, ok, wrong
from careline.core.sealing import keys, rotation


@check("State folder")
def state_folder() -> Finding:
    """The folder that holds all state can be written, and only its owner reads the secret."""
    folder = Path(settings.STATE_DIR)
    if not os.access(folder, os.W_OK):
        return wrong(
            f"{folder} can't be written.",
            "Give this user the right to write there, or name another folder in CARELINE_HOME.",
        )
    secret = folder / "secret-key"
    if secret.exists() and secret.stat().st_mode & 0o077:
        return wrong(f"Others on this machine can read {secret}.", f"Run: chmod 600 {secret}")
    return ok(f"{folder} can be written")


@check("Database")
def database() -> Finding:
    """The database answers and every migration ran."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return wrong(
            f"{len(missing)} migrations haven't run on this {connection.vendor} database.",
            "Run: careline prepare --force",
        )
    return ok(f"{connection.vendor}, all migrations ran")


@check("Encryption keys")
def encryption_keys() -> Finding:
    """Each key that sealed something is here, and only its owner reads the file."""
    file = keys.file()
    try:
        rotation.check_keys()
    except rotation.KeysMissing as missing:
        return wrong(
            f"This database holds what was sealed with keys that aren't here ({missing}).",
            f"Put {file} back from your backup, or name all keys in ENCRYPTION_KEYS.",
        )
    if keys.come_from_environment():
        return ok(f"{len(keys.in_use())}, from ENCRYPTION_KEYS")
    if file.stat().st_mode & 0o077:
        return wrong(f"Others on this machine can read {file}.", f"Run: chmod 600 {file}")
    if connection.vendor == "postgresql":
        return note(
            f"The keys are in {file}, and each machine of this service needs the same ones.",
            "Name them in ENCRYPTION_KEYS, or copy the file.",
        )
    return ok(f"{len(keys.in_use())}, in {file}: keep a copy apart from the database's")


@check("Redis")
def redis_answers() -> Finding:
    """Redis answers, where one is named."""
    if not settings.REDIS_URL:
        return ok("not used: one process serves everything")
    if trouble := redis_server.trouble():
        return wrong(
            f"Redis doesn't answer ({trouble}). Chat goes on, slower.",
            "Start Redis, or correct REDIS_URL.",
        )
    return ok("answers")


@check("Static files")
def static_files() -> Finding:
    """Style sheets and scripts were collected."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return wrong("The style sheets weren't collected.", "Run: careline prepare --force")
    return ok("collected")


@check("Interface languages")
def languages() -> Finding:
    """Every catalogue was compiled."""
    if stale := messages_catalogue.stale():
        return wrong(
            f"{len(stale)} translations aren't compiled.", "Run any careline command again."
        )
    return ok(", ".join(name for _code, name in settings.LANGUAGES))


@check("Time zone")
def time_zone() -> Finding:
    """In which zone the hours are; the settings have made sure that there is such a zone."""
    return ok(settings.SERVICE_TIME_ZONE)


@check("Demonstration")
def demonstration() -> Finding:
    """Demonstration staff are for trying out only."""
    if settings.DEMONSTRATION_STAFF:
        return note(
            "Demonstration staff are allowed here.",
            "Before the public comes: DJANGO_SETTINGS_MODULE=careline.settings.production",
        )
    return ok("no demonstration staff")


@check("Telephone")
def telephone() -> Finding:
    """The helpline's number was changed from the one that rings nowhere."""
    if settings.HELPLINE_PHONE == "1-800-555-0100":
        return note(
            "HELPLINE_PHONE is the number that the demonstration shows; it rings nowhere.",
            "Set HELPLINE_PHONE to your own number.",
        )
    return ok(settings.HELPLINE_PHONE)
