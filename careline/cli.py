"""The command `careline`: Careline's own commands and all of Django's."""

import os
import sys

from careline.core.messages_catalogue import compile_stale


def main() -> None:
    """Run one command; ``load-pack`` and ``load_pack`` are the same."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.settings.dev")
    arguments = list(sys.argv)
    if arguments[1:2] == ["run"]:
        from careline.core import supervisor  # Before Django: a second start takes seconds.

        sys.exit(supervisor.run())
    if len(arguments) > 1 and not arguments[1].startswith("-"):
        arguments[1] = arguments[1].replace("-", "_")
    compile_stale()

    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)
