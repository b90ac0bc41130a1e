"""careline export-pack NAME FOLDER: write a loaded pack back to a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.content.packs.export import ExportRefused, export_pack


class Command(BaseCommand):
    help = (
        "Write a pack as it stands here, signed text only, to a new folder. Loading that folder "
        "into an empty database and exporting it again gives the same files, byte for byte."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the pack's key, such as liver-immunotherapy")
        parser.add_argument("folder", type=Path, help="a folder that is new or empty")
        parser.add_argument(
            "--with-own",
            action="store_true",
            help="also the public pages that editors made here and that came with no pack",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            export = export_pack(options["name"], options["folder"], with_own=options["with_own"])
        except ExportRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{options['name']} {export.version}: {len(export.files)} files in {options['folder']}."
        )
        for each in export.left_out:
            self.stdout.write(f"  left out  {each}")
