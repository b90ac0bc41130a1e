"""The command `careline`: Careline's own commands and all of Django's."""

import importlib
import os
import sys

from careline.core.messages_catalogue import compile_stale

CANT_START = 2


def main() -> None:
    """Run one command; ``load-pack`` and ``load_pack`` are the same.

    A setting that can't be used, or a database that isn't there, ends with words and
    exit status 2; ``--traceback`` shows where it came from.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.settings.dev")
    arguments = list(sys.argv)
    for stream in (sys.stdout, sys.stderr):
        # A name in another alphabet is no reason to stop on a plain terminal.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    trouble = _with_settings()
    if trouble:
        sys.exit(_cant_start(trouble))
    if arguments[1:2] == ["run"]:
        from careline.core import supervisor  # Django isn't set up: a second start takes seconds.

        sys.exit(supervisor.run("".join(arguments[2:3])))
    if len(arguments) > 1 and not arguments[1].startswith("-"):
        arguments[1] = arguments[1].replace("-", "_")
    compile_stale()
    _run(arguments)


def _with_settings() -> str:
    """Read the settings; return what is wrong with them, empty for nothing."""
    from django.core.exceptions import ImproperlyConfigured

    name = os.environ["DJANGO_SETTINGS_MODULE"]
    try:
        importlib.import_module(name)
    except ImproperlyConfigured as problem:
        return f"{problem}\ndocs/operations.md describes every setting."
    except ModuleNotFoundError as problem:
        if problem.name is None or not name.startswith(problem.name):
            raise
        expected = "careline.settings.dev or careline.settings.production"
        return f"There are no settings {name}. DJANGO_SETTINGS_MODULE has to be {expected}."
    return ""


def _run(arguments: list[str]) -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import InterfaceError, OperationalError, ProgrammingError

    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as problem:
        if "--traceback" in arguments:
            raise
        sys.exit(_cant_start(str(problem)))
    except (InterfaceError, OperationalError, ProgrammingError) as problem:
        if "--traceback" in arguments:
            raise
        kind = str(problem).strip().splitlines()
        words = (
            f"The database can't be used: {kind[0] if kind else type(problem).__name__}\n"
            "Run careline doctor: it says what is wrong. Where tables are missing, run "
            "careline prepare --force."
        )
        sys.exit(_cant_start(words))


def _cant_start(words: str) -> int:
    print(words, file=sys.stderr)
    return CANT_START
