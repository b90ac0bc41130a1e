"""From a text to the terms that are counted: stems, with small words marked."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

from careline.answers.engine.language import profile_of
from careline.answers.engine.text import words


@dataclass(frozen=True)
class Term:
    """One word of a text: its stem, the word as folded, and whether it says little."""

    stem: str
    word: str
    small: bool


def terms(text: str, language: str) -> list[Term]:
    """Return the terms of a text in order, spellings of haste written out."""
    profile = profile_of(language)
    written = [one for word in words(text) for one in profile.spellings.get(word, (word,))]
    return [Term(stem(word, language), word, word in profile.small_words) for word in written]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the word's snowball stem in this language."""
    return str(_stemmer(profile_of(language).stemmer).stemWord(word))


@cache
def _stemmer(name: str) -> Any:
    return snowballstemmer.stemmer(name)
