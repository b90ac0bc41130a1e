"""``careline purge``: delete what has reached the end of its retention."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from careline.core import clock
from careline.core.retention import purge_all


class Command(BaseCommand):
    """Say for each domain and kind how many rows were, or would be, deleted."""

    help = "Delete personal data whose retention has ended."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare ``--dry-run``."""
        parser.add_argument("--dry-run", action="store_true", help="Count only, delete nothing.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run every clock once."""
        verb = "would be deleted" if options["dry_run"] else "deleted"
        for counts in purge_all(clock.now(), dry_run=options["dry_run"]).values():
            for what, count in counts.items():
                self.stdout.write(f"{what.replace('_', ' ')}: {count} {verb}")
