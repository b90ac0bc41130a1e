"""``careline rebuild``: derive every contact's state anew from its log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.contacts import log as contact_log
from careline.contacts.errors import ContactMissing
from careline.contacts.models import Contact


class Command(BaseCommand):
    """Say how many contacts were looked at, and which were not what their log says."""

    help = "Derive the state of every contact from its log; nothing changes where all is well."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare ``--check``."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail if something would change"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look at each contact whose log is kept."""
        looked_at, wrong = 0, []
        for pk in Contact.objects.filter(transcript_purged_at=None).values_list("pk", flat=True):
            try:
                differs = contact_log.mend(pk, keep=not options["check"])
            except ContactMissing:
                continue  # Deleted while we looked.
            looked_at += 1
            if differs:
                wrong.append(pk)
                self.stdout.write(f"{pk} was not what its log says")
        self.stdout.write(f"{looked_at} contacts looked at, {len(wrong)} differed.")
        if wrong and options["check"]:
            raise CommandError("Run careline rebuild to mend them.")
