"""``careline evaluate``: ask the reviewed cases of packs, and say what came of them."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.answers.evaluation import evaluated, learnt
from careline.answers.evaluation_cases import CaseSet, loaded_set, loaded_sets, set_at
from careline.answers.evaluation_report import Report
from careline.content.models import Pack
from careline.content.packs import PackRefused
from careline.core.events import warnings_only

_FAILED = 1
_UNUSABLE = 2


class Command(BaseCommand):
    """Evaluate answers, refusals and danger against what reviewers expect."""

    help = "Ask the cases of packs; exit code 1 when a pack's own demands aren't kept."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what is asked and how it is printed."""
        parser.add_argument(
            "packs",
            nargs="*",
            metavar="PACK",
            help="a loaded pack, a pack's folder, or a file of cases; none: every loaded pack",
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    @warnings_only()
    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, print, and end with 1 if a demand isn't kept, with 2 if nothing can be asked."""
        sets = [self._set(name) for name in options["packs"]] or loaded_sets()
        if not any(one.cases for one in sets):
            raise CommandError("There are no cases to ask.", returncode=_UNUSABLE)
        reports = [
            Report(one, tuple(evaluated(one.cases)), tuple(learnt(one.cases))) for one in sets
        ]
        passed = all(report.is_passed for report in reports)
        if options["json"]:
            whole = {"passed": passed, "sets": [report.as_dict() for report in reports]}
            self.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2))
        else:
            for report in reports:
                self.stdout.write("\n".join(report.lines()))
        if not passed:
            raise CommandError("What was asked isn't kept.", returncode=_FAILED)

    def _set(self, name: str) -> CaseSet:
        try:
            return loaded_set(name)
        except Pack.DoesNotExist:
            if Path(name).exists():
                return self._at(Path(name))
        except PackRefused as refused:
            self._refuse(name, refused)
        known = ", ".join(Pack.objects.order_by("key").values_list("key", flat=True)) or "none"
        message = f"'{name}' is no loaded pack ({known}) and no file or folder."
        raise CommandError(message, returncode=_UNUSABLE)

    def _at(self, path: Path) -> CaseSet:
        try:
            return set_at(path)
        except PackRefused as refused:
            return self._refuse(str(path), refused)

    def _refuse(self, name: str, refused: PackRefused) -> CaseSet:
        for problem in refused.problems:
            self.stderr.write(str(problem))
        raise CommandError(f"The cases of {name} can't be asked.", returncode=_UNUSABLE) from None
