"""Words in several languages, kept as a map from language code to text.

A language needs a translator, not a migration: the maps are data.
"""

from collections.abc import Mapping
from typing import TypeVar

from django.conf import settings

Words = TypeVar("Words")


def in_language(words: Mapping[str, Words], language: str, default: Words) -> Words:
    """Return the words in the language, else in the site's first language, else `default`."""
    if language in words:
        return words[language]
    return words.get(settings.LANGUAGE_CODE, default)


def text_in(words: Mapping[str, str], language: str) -> str:
    """Return one text in the language; empty if there is none at all."""
    return in_language(words, language, "")
