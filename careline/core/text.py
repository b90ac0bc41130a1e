"""Text as it comes from people: made safe to store, never altered in meaning."""

import unicodedata

from django.conf import settings


def clean(text: str) -> str:
    """Return typed text in NFC without control characters, lines kept, ends trimmed.

    Line ends become ``\\n``; tabs become spaces. Emoji and every alphabet stay.
    """
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (" " if char == "\t" else char for char in unified if _may_stay(char))
    return "".join(kept).strip()


def _may_stay(char: str) -> bool:
    # Cc: control; Cs: lone surrogates, which no database takes.
    return char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")


def too_long(text: str) -> bool:
    """Return whether the text is over the limit of what a person may send at once."""
    return len(text) > settings.MAX_TYPED_CHARACTERS
