"""Text as it comes from people: made safe to store, never altered in meaning."""

import re
import unicodedata

from django.conf import settings

# Control characters but for the line's end, and lone surrogates, which no database takes.
_UNSTORABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """Return typed text in NFC without control characters, lines kept, ends trimmed.

    Line ends become ``\\n``; tabs become spaces. Emoji and every alphabet stay.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("", unified)).strip()


def folded(text: str) -> str:
    """Return the text without case and accents, to find and to sort words by."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def too_long(text: str) -> bool:
    """Return whether the text is over the limit of what a person may send at once."""
    return len(text) > settings.MAX_TYPED_CHARACTERS
