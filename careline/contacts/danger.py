"""What safety says of a visitor's words, in the form in which the log keeps it."""

from typing import Any

from careline import safety
from careline.safety.levels import Assessment, Level


def flag_body(text: str, language: str | None) -> dict[str, Any] | None:
    """Return the body of the flag for this text, or None if there is no sign of danger.

    Spans are offsets into the text as stored; the words themselves stay in the message.
    """
    assess = getattr(safety, "assess", None)
    if assess is None:
        return None
    assessment = assess(text, language=language)
    return None if assessment.level is Level.NONE else _body(assessment)


def _body(assessment: Assessment) -> dict[str, Any]:
    return {
        "level": assessment.level.value,
        "rank": assessment.level.rank,
        "rules": [sign.rule for sign in assessment.signs],
        "spans": [[sign.start, sign.end] for sign in assessment.signs],
        "rules_version": assessment.rules_version,
    }
