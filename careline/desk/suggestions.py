"""Reviewed sentences that fit what the visitor wrote last."""

import uuid
from dataclasses import dataclass

from careline.answers import suggest_sentences
from careline.answers.replies import CitedSentence

SHOWN = 4


@dataclass(frozen=True)
class Suggestion:
    """A reviewed sentence, and the id under which one click sends it once."""

    sentence: CitedSentence
    client_id: str


def suggestions_for(text: str, language: str) -> list[Suggestion]:
    """Return a few sentences that fit, best first; none for no text."""
    if not text.strip():
        return []
    return [
        Suggestion(sentence, f"sentence-{uuid.uuid4().hex}")
        for sentence in suggest_sentences(text, language, limit=SHOWN)
    ]
