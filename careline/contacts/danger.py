"""What safety says of a visitor's words: for the log, and as the card that comes first."""

from typing import Any

from careline import safety
from careline.safety.levels import Assessment, CareCard, Level


def flag_body(text: str, language: str | None = None) -> dict[str, Any] | None:
    """Return the body of the flag for this text, or None if there is no sign of danger.

    Spans are offsets into the text as stored; the words themselves stay in the message.
    """
    assessment = _assess(text, language)
    return None if assessment is None or assessment.level is Level.NONE else _body(assessment)


def card_for_text(text: str, language: str) -> CareCard | None:
    """Return the care card that this text calls for, in this language; None for none."""
    assessment = _assess(text, None)
    return card_for_level(assessment.level.value, language) if assessment else None


def card_for_level(level: str, language: str) -> CareCard | None:
    """Return the care card of a level as the log names it; None for none."""
    care_card = getattr(safety, "care_card", None)
    if not level or care_card is None:
        return None
    card: CareCard | None = care_card(Level(level), language)
    return card


def _assess(text: str, language: str | None) -> Assessment | None:
    assess = getattr(safety, "assess", None)
    if assess is None:
        return None
    assessment: Assessment = assess(text, language=language)
    return assessment


def _body(assessment: Assessment) -> dict[str, Any]:
    return {
        "level": assessment.level.value,
        "rank": assessment.level.rank,
        "rules": [sign.rule for sign in assessment.signs],
        "spans": [[sign.start, sign.end] for sign in assessment.signs],
        "rules_version": assessment.rules_version,
    }
