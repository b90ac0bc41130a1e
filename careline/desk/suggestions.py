"""Reviewed sentences that fit what the visitor wrote last."""

import uuid
from dataclasses import dataclass
from typing import Any

from careline import answers

SHOWN = 4


@dataclass(frozen=True)
class Suggestion:
    """A reviewed sentence, and the id under which one click sends it once."""

    sentence: Any
    client_id: str


def suggestions_for(text: str, language: str) -> list[Suggestion]:
    """Return a few sentences that fit, best first; none for no text."""
    suggest = getattr(answers, "suggest_sentences", None)
    if suggest is None or not text.strip():
        return []
    return [
        Suggestion(sentence, f"sentence-{uuid.uuid4().hex}")
        for sentence in suggest(text, language=language, limit=SHOWN)
    ]
