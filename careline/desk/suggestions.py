"""Reviewed sentences that fit what the visitor wrote last."""

import logging
import uuid
from dataclasses import dataclass

from careline.answers import suggest_sentences
from careline.answers.replies import CitedSentence
from careline.core.events import Event, log

SHOWN = 4


@dataclass(frozen=True)
class Suggestion:
    """A reviewed sentence, and the id under which one click sends it once."""

    sentence: CitedSentence
    client_id: str


def suggestions_for(text: str, language: str, limit: int = SHOWN) -> list[Suggestion]:
    """Return a few sentences that fit, best first; none for no text. Never raises.

    A conversation has to open whatever is broken behind the suggestions.
    """
    if not text.strip():
        return []
    try:
        found = suggest_sentences(text, language, limit=limit)
    except Exception as error:
        log(Event.ANSWERS_UNAVAILABLE, level=logging.ERROR, reason=type(error).__name__)
        return []
    return [Suggestion(sentence, f"sentence-{uuid.uuid4().hex}") for sentence in found]
