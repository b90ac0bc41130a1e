"""``careline load-resources PATH``: load a pack's resource directory."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from careline.core.events import Event, log
from careline.referrals.actions import ForeignServiceError, load_resources
from careline.referrals.reading import ResourceFileError, read_resources


class Command(BaseCommand):
    """Read, check, load; a bad file loads nothing and says where and what is wrong."""

    help = "Load a pack's resources.yaml (a file, or the pack's folder)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the path."""
        parser.add_argument("path", type=Path)

    def handle(self, *_args: Any, path: Path, **_options: Any) -> None:
        """Load the file or end with an error for each problem."""
        try:
            resources = read_resources(path)
            count = load_resources(resources, acting_user=None)
        except (ResourceFileError, ForeignServiceError) as error:
            log(Event.PACK_REFUSED)
            raise CommandError(f"Nothing was loaded.\n{error}") from None
        self.stdout.write(
            f"{resources.pack}: {count.written} services written, "
            f"{count.unchanged} unchanged, {count.withdrawn} withdrawn."
        )
