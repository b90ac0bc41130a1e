"""Text as the engine compares it: one form for many ways of typing."""

import re
import unicodedata

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "`": "'", "´": "'", "–": "-"})
_TOKEN = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+|(?=¿)")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")

# Longer texts are read piece by piece; nobody needs more to ask one thing.
MAX_PIECE = 300
MAX_PIECES = 12


def readable(text: str) -> str:
    """Return the text on one line: no control characters or markup, straight quotes."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    plain = "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in plain)
    return " ".join(_MARKUP.sub(" ", plain).split())


def fold(text: str) -> str:
    """Return the text without case and accents, as names and words are compared."""
    decomposed = unicodedata.normalize("NFKD", readable(text).casefold())
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return " ".join(bare.split())


def words(text: str) -> list[str]:
    """Return the folded words of a text in order; "what's" is one word, "pd-1" is two."""
    return _TOKEN.findall(_APOSTROPHE.sub("", fold(text)))


def sentences(text: str) -> list[str]:
    """Return the readable sentences and lines of a text."""
    unified = text.replace("\r", "\n")
    return [part for part in (readable(part) for part in _ENDS.split(unified)) if part]


def pieces(text: str) -> list[str]:
    """Split a message into the parts that are compared one by one.

    A short message is one piece. Of a long one, the whole's start and each
    sentence are pieces, at most MAX_PIECES of at most MAX_PIECE characters.
    """
    parts = sentences(text)
    if len(parts) < 2:
        return [part[:MAX_PIECE] for part in parts]
    whole = " ".join(parts)
    chosen = [whole] if len(whole) <= MAX_PIECE else []
    chosen += sorted(parts, key=lambda part: "?" not in part)
    return [part[:MAX_PIECE] for part in dict.fromkeys(chosen)][:MAX_PIECES]
