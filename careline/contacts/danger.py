"""What safety says of a visitor's words: for the log, and as the card that comes first."""

from typing import Any

from careline.safety import Assessment, CareCard, Level, assess, care_card


def flag_body(text: str) -> dict[str, Any] | None:
    """Return the body of the flag for this text, or None if there is no sign of danger.

    Spans are offsets into the text as stored; the words themselves stay in the message.
    """
    assessment = assess(text)
    return None if assessment.level is Level.NONE else _body(assessment)


def card_for_text(text: str, language: str) -> CareCard | None:
    """Return the care card that this text calls for, in this language; None for none."""
    return care_card(assess(text).level, language)


def card_for_level(level: str, language: str) -> CareCard | None:
    """Return the care card of a level as the log names it; "" and None for none."""
    return care_card(Level(level), language) if level else None


def _body(assessment: Assessment) -> dict[str, Any]:
    return {
        "level": assessment.level.value,
        "rank": assessment.level.rank,
        "rules": [sign.rule for sign in assessment.signs],
        "several": assessment.several_urgent,
        "spans": [[sign.start, sign.end] for sign in assessment.signs],
        "rules_version": assessment.rules_version,
    }
