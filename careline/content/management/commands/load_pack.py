"""careline load-pack PATH: check a content pack and load it, or say what is wrong with it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from careline.content.actions.packs import LoadReport, check_pack, load_pack
from careline.content.management.packs import pack_folder, refuse
from careline.content.packs import PackRefused


class Command(BaseCommand):
    help = "Load content packs. Loading one a second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a pack's folder")
        parser.add_argument("--check", action="store_true", help="only check, store nothing")
        parser.add_argument(
            "--again", action="store_true", help="read the files even if they are those loaded last"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        for path in options["paths"]:
            self._one(path, check_only=options["check"], again=options["again"])

    def _one(self, path: Path, *, check_only: bool, again: bool) -> None:
        pack_folder(path)
        try:
            if check_only:
                pack = check_pack(path)
                self.stdout.write(f"{pack.header.pack} {pack.header.version} is sound.")
            else:
                self._report(load_pack(path, again=again))
        except PackRefused as refused:
            refuse(self, path, refused, "nothing of it was loaded.")

    def _report(self, report: LoadReport) -> None:
        tally = report.tally
        name = f"{report.pack} {report.version}"
        if not tally.changes:
            self.stdout.write(f"{name} is loaded already; nothing changed.")
        else:
            self.stdout.write(f"{name} is loaded.")
        for word in ("created", "changed", "removed"):
            counts = +getattr(tally, word)
            if counts:
                things = ", ".join(f"{kind}: {n}" for kind, n in counts.items())
                self.stdout.write(f"  {word}  {things}")
        for page in tally.kept:
            self.stdout.write(f"  kept     {page}: edited here, so the pack's text was left out")
