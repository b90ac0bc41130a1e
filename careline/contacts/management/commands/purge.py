"""``careline purge``: delete what has reached the end of its retention."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from careline.contacts import retention
from careline.core import clock


class Command(BaseCommand):
    help = "Delete transcripts, contact details and statistics at the end of their retention."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run: bool = options["dry_run"]
        purged = retention.purge(clock.now(), dry_run)
        verb = "would be deleted" if dry_run else "deleted"
        for what, count in asdict(purged).items():
            self.stdout.write(f"{what.replace('_', ' ')}: {count} {verb}")
