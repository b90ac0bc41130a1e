"""careline load-pack PATH: check a content pack and load it, or say what is wrong with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.content.actions.pack_pages import UNDECIDED
from careline.content.actions.packs import Choice, LoadReport, Plan, load_pack, plan_pack
from careline.content.actions.tally import Tally
from careline.content.management.packs import pack_folder, refuse
from careline.content.packs import PackRefused


class Command(BaseCommand):
    help = "Load content packs. Loading one a second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a pack's folder")
        parser.add_argument(
            "--check", action="store_true", help="only check, and say what would change"
        )
        parser.add_argument(
            "--again", action="store_true", help="read the files even if they are those loaded last"
        )
        where = "where a page was changed both here and in the pack: keep the text of"
        for name, whose in (("--ours", "here"), ("--theirs", "the pack")):
            parser.add_argument(
                name,
                action="append",
                default=[],
                metavar="PAGE",
                help=f"{where} {whose}; 'all', or a page such as en/side-effects, again for more",
            )

    def handle(self, *_args: Any, **options: Any) -> None:
        choice = Choice(frozenset(options["ours"]), frozenset(options["theirs"]))
        if choice.ours & choice.theirs:
            raise CommandError("One page can't be both --ours and --theirs.")
        for path in options["paths"]:
            self._one(path, options, choice)

    def _one(self, path: Path, options: dict[str, Any], choice: Choice) -> None:
        pack_folder(path)
        try:
            if options["check"]:
                self._plan(plan_pack(path, choice=choice))
            else:
                again = options["again"] or choice != UNDECIDED
                self._report(load_pack(path, again=again, choice=choice))
        except PackRefused as refused:
            refuse(self, path, refused, "nothing of it was loaded.")

    def _plan(self, plan: Plan) -> None:
        self.stdout.write(f"{plan.pack} {plan.version} is sound.")
        changes = bool(plan.tally.changes or plan.tally.both_changed)
        self.stdout.write("Loading it would do this:" if changes else "Loading it changes nothing.")
        self._counts(plan.tally)
        for page in plan.pages:
            self.stdout.write(f"  {page.page}")
            for old, new in page.sentences:
                self.stdout.write("".join(_lines(old, new)), ending="")
            for text in page.behind:
                self.stdout.write(f"    ! leaves the answers, its source changed: {text}")
        self._asks(plan.tally)

    def _report(self, report: LoadReport) -> None:
        name = f"{report.pack} {report.version}"
        if not report.tally.changes:
            self.stdout.write(f"{name} is loaded already; nothing changed.")
        else:
            self.stdout.write(f"{name} is loaded.")
        self._counts(report.tally)
        self._asks(report.tally)

    def _counts(self, tally: Tally) -> None:
        for word in ("created", "changed", "removed"):
            counts = +getattr(tally, word)
            if counts:
                things = ", ".join(f"{kind}: {n}" for kind, n in counts.items())
                self.stdout.write(f"  {word}  {things}")

    def _asks(self, tally: Tally) -> None:
        for change in tally.waits_again:
            self.stdout.write(f"  asks     a signed danger rule doesn't fit these rules: {change}")
        if tally.waits_again:
            self.stdout.write("  Out of force now; it waits for a medical reviewer once more.")
        for page in tally.both_changed:
            self.stdout.write(
                f"  asks     {page}: changed here and in the pack; left as it is here"
            )
        if tally.both_changed:
            self.stdout.write(
                "  Decide with --ours PAGE or --theirs PAGE (or 'all'); "
                "--check --theirs PAGE shows what the pack's text would change."
            )


def _lines(old: str, new: str) -> Iterator[str]:
    if old:
        yield f"    - {old}\n"
    if new:
        yield f"    + {new}\n"
