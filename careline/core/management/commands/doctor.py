"""``careline doctor``: say in words what is wrong with an installation and how to mend it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from careline.core.doctor import Verdict, run_all

_MARKS = {Verdict.OK: "ok   ", Verdict.NOTE: "note ", Verdict.WRONG: "WRONG"}


class Command(BaseCommand):
    """Exit status 0 when nothing is wrong, 1 otherwise."""

    help = "Check this installation and say how to mend what is wrong."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print one line for each check, and below it what to do."""
        findings = run_all()
        width = max(len(name) for name in findings)
        for name, finding in findings.items():
            self.stdout.write(f"{_MARKS[finding.verdict]}  {name:<{width}}  {finding.words}")
            if finding.mend:
                self.stdout.write(f"{'':<{width + 9}}-> {finding.mend}")
        bad = sum(finding.verdict is Verdict.WRONG for finding in findings.values())
        if bad:
            self.stdout.write(f"\n{bad} to mend.")
            sys.exit(1)
        self.stdout.write("\nNothing is wrong.")
