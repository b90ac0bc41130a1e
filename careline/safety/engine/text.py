"""Reads a text as people write into words, numbers and the pauses between them."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

# Strength of the pause before a word.
JOINED: Final = 0
NEW_LINE: Final = 1
COMMA: Final = 2
CLAUSE: Final = 3
SENTENCE: Final = 4

NUMBER: Final = "#"
DEGREE: Final = "deg"
_SPECIAL: Final = {"degree": DEGREE, "year": "#y", "clock": "#t"}
LONGEST_WORD: Final = 40

# Characters that carry no meaning but sit inside words: null bytes, soft hyphens, zero widths,
# and accents that were typed as separate characters.
_HIDDEN = "\u0000\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufe0f\ufeff"
_LETTER = rf"(?:[^\W\d_ºª]|[{_HIDDEN}])"
_APOSTROPHES = "'’‘`´ʼ"
_TOKEN = re.compile(
    rf"(?P<clock>\d{{1,2}}:\d\d)|(?P<year>(?<![\d.,/])(?:19|20)\d\d(?![\d/]|[.,]\d))"
    rf"|(?P<number>\d+(?:[.,]\d+)?)|(?P<degree>[°º˚])"
    # A word begins with a letter: a hidden character alone is part of the pause.
    rf"|(?P<word>[^\W\d_ºª]{_LETTER}*(?:[{_APOSTROPHES}]{_LETTER}+)*)"
)
_SPLIT_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_HIDDEN_CHARACTER = re.compile(f"[{_HIDDEN}]")
_STRETCHED = re.compile(r"(.)\1{2,}")
_ENDINGS = {"ll": "will", "re": "are"}
# "She's" and "dad's" are words of the rules; "skin's" and "pee's" are skin and pee.
_PEOPLE = ("dad", "mom", "mum", "husband", "wife", "mother", "father", "brother", "sister", "son")
_PRONOUNS = ("it", "he", "she", "that", "this", "there", "what", "who", "where", "how", "here")
_KEEP_S = frozenset((*_PEOPLE, *_PRONOUNS, "daughter", "grandma", "grandpa", "partner", "let"))
# A full stop after one of these ends no sentence.
_ABBREVIATIONS = frozenset(
    ("dr", "dra", "mr", "mrs", "ms", "sr", "sra", "vs", "approx", "hr", "hrs", "min", "a", "p", "m")
)


@dataclass(slots=True)
class Reading:
    """A text as parallel lists, one entry per word; offsets point into the text as typed."""

    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    numbers: list[float | None] = field(default_factory=list)
    pauses: list[int] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)

    def add(self, word: str, span: tuple[int, int], mark: str, number: float | None = None) -> None:
        """Append a word; ``mark`` is what stood between it and the one before."""
        previous = self.words[-1] if self.words else ""
        self.words.append(word)
        self.starts.append(span[0])
        self.ends.append(span[1])
        self.numbers.append(number)
        self.pauses.append(pause_strength(mark, previous))
        self.marks.append(mark)


@lru_cache(maxsize=4096)
def pause_strength(mark: str, previous: str) -> int:
    """How far the words on both sides of ``mark`` stand apart."""
    if mark in ("", " "):
        return JOINED
    if "?" in mark or "!" in mark or "¿" in mark or "¡" in mark or "\u2026" in mark:
        return SENTENCE
    if "." in mark:
        return _full_stop(mark, previous)
    if mark.count("\n") > 1:
        return SENTENCE
    if any(sign in mark for sign in ";:()[]—–•*|") or " -" in mark:
        return CLAUSE
    if "," in mark:
        return COMMA
    return NEW_LINE if "\n" in mark else JOINED


def _full_stop(mark: str, previous: str) -> int:
    if previous in _ABBREVIATIONS and mark.count(".") == 1:
        return JOINED
    return CLAUSE if ".." in mark and "\n" not in mark else SENTENCE


@lru_cache(maxsize=8192)
def fold(piece: str) -> str:
    """Lower case, accents and hidden characters off, wide and styled letters made plain."""
    plain = unicodedata.normalize("NFKD", piece).casefold()
    return _HIDDEN_CHARACTER.sub("", plain)


def shorten_stretched(word: str) -> tuple[str, str]:
    """``soooo`` as ``soo`` and ``so``: which one was meant, the vocabulary knows."""
    return _STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word)


def read(text: str) -> Reading:
    """Split ``text`` into a Reading. Never raises; linear in the length of the text."""
    reading = Reading()
    cursor = 0
    for found in _TOKEN.finditer(text):
        mark = text[cursor : found.start()][:40]
        cursor = found.end()
        _add_token(reading, found, mark)
    return reading


def _add_token(reading: Reading, found: re.Match[str], mark: str) -> None:
    piece, span = found.group(), found.span()
    if found.lastgroup == "number":
        reading.add(NUMBER, span, mark, _number(piece))
    elif found.lastgroup == "word":
        _add_word(reading, piece, span, mark)
    else:
        reading.add(_SPECIAL[found.lastgroup or "degree"], span, mark)


def _add_word(reading: Reading, piece: str, span: tuple[int, int], mark: str) -> None:
    parts = _SPLIT_APOSTROPHE.split(piece[:LONGEST_WORD])
    ending = _ENDINGS.get(fold(parts[-1])) if len(parts) > 1 else None
    if ending is None:
        if len(parts) == 2 and fold(parts[1]) == "s" and fold(parts[0]) not in _KEEP_S:
            parts.pop()
        word = fold("".join(parts))
        if word:
            reading.add(word, span, mark)
        return
    reading.add(fold("".join(parts[:-1])), span, mark)
    reading.add(ending, span, "")


def _number(piece: str) -> float:
    """Digits as a number: a comma is a decimal comma unless three digits follow it."""
    if "," in piece:
        whole, _, part = piece.partition(",")
        piece = whole + part if len(part) == 3 else f"{whole}.{part}"
    return float(piece[:16])
