"""Picking words from a JSON map of languages."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Said:
    """Words and the language that they really are in, for the page's lang attribute."""

    text: str
    language: str

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text


def in_words(words: dict[str, str], language: str) -> Said:
    """Return the words in this language, else the site's first one, else any; empty if none."""
    for code in (language, settings.LANGUAGE_CODE, *sorted(words)):
        if words.get(code):
            return Said(words[code], code)
    return Said("", language)
