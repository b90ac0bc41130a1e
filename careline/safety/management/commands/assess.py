"""``careline assess "TEXT"``: how urgent a text is and which signs say so."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from careline.safety import Assessment, assess


class Command(BaseCommand):
    """Print a text's level, its signs and the version of the rules."""

    help = "Say how urgent a text is, and which signs say so."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One text, and how to print what is found."""
        parser.add_argument("text")
        parser.add_argument("--lang", default=None, help="the language to label the result with")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Assess and print."""
        found = assess(options["text"], options["lang"])
        self.stdout.write(json.dumps(asdict(found)) if options["json"] else described(found))


def described(found: Assessment) -> str:
    """The assessment in words, one line for each sign."""
    lines = [f"{found.level} (rules {found.rules_version}, language {found.language})"]
    lines += [
        f'  {sign.level}: {sign.rule}: "{sign.matched}" ({sign.start}-{sign.end})'
        for sign in found.signs
    ]
    return "\n".join(lines)
