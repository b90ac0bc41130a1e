"""The command `careline`: Careline's own commands and all of Django's."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; ``load-pack`` and ``load_pack`` are the same."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.settings.dev")
    arguments = list(sys.argv)
    if len(arguments) > 1:
        arguments[1] = arguments[1].replace("-", "_") if arguments[1][0] != "-" else arguments[1]
    execute_from_command_line(arguments)
