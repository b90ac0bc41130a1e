"""careline readability [PACK_FOLDER]: how hard each page is to read, by published formulas."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.content.management.packs import pack_folder, refuse
from careline.content.packs import PackRefused, Problem
from careline.content.packs.read import read_pack
from careline.content.reading_levels import PageReading, of_pack, of_public_pages


class Command(BaseCommand):
    help = (
        "Measure how hard each page is to read: the pages of a pack's folder, without loading it, "
        "or those that readers see. Fails when a page is harder than its language's limit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="PACK_FOLDER")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = options["folder"]
        pages = self._of_folder(pack_folder(folder)) if folder else of_public_pages()
        for page in pages:
            self.stdout.write(json.dumps(page.as_dict()) if options["json"] else _line(page))
        hard = sum(1 for page in pages if page.reading and not page.reading.passes)
        if hard:
            things = "1 page is" if hard == 1 else f"{hard} pages are"
            raise CommandError(f"{things} harder to read than the limit.")

    def _of_folder(self, folder: Path) -> list[PageReading]:
        problems: list[Problem] = []
        pack = read_pack(folder, problems)
        if pack is None or problems:
            refuse(self, folder, PackRefused(problems), "mend them first.")
        return of_pack(pack)


def _line(page: PageReading) -> str:
    name = f"{page.language:<5} {page.key:<28}"
    if page.reading is None:
        return f"{name} not measured"
    scores = "  ".join(f"{each.name} {each.value:.1f}" for each in page.reading.scores)
    return f"{name} {scores}{'' if page.reading.passes else '  too hard'}"
