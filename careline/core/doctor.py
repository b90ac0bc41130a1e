"""Checks of an installation, in words. Each domain registers its own in a module `doctor`."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.module_loading import autodiscover_modules


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    NOTE = "note"  # works, but somebody should know
    WRONG = "wrong"  # has to be mended


@dataclass(frozen=True)
class Finding:
    """What was found, and how to mend it (empty when there is nothing to mend)."""

    verdict: Verdict
    words: str
    mend: str = ""


Check = Callable[[], Finding]
_checks: dict[str, Check] = {}


def ok(words: str) -> Finding:
    """Return that all is well."""
    return Finding(Verdict.OK, words)


def note(words: str, mend: str = "") -> Finding:
    """Return something that works but should be known."""
    return Finding(Verdict.NOTE, words, mend)


def wrong(words: str, mend: str) -> Finding:
    """Return something that has to be mended."""
    return Finding(Verdict.WRONG, words, mend)


def check(name: str) -> Callable[[Check], Check]:
    """Register a check under the name that the report shows."""

    def register(function: Check) -> Check:
        _checks[name] = function
        return function

    return register


def run_all() -> dict[str, Finding]:
    """Run every check. One that fails itself is reported as wrong, never raised."""
    autodiscover_modules("doctor_checks")
    return {name: _run(function) for name, function in _checks.items()}


def _run(function: Check) -> Finding:
    try:
        return function()
    except Exception as error:
        return wrong(
            f"This check could not be done ({type(error).__name__}: {error}).",
            "Mend what stands above this line first, then run careline doctor again.",
        )
