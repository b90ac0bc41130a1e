"""Which of our languages a text is in, by its small words and its letters."""

from dataclasses import dataclass
from functools import lru_cache

from careline.answers.engine import data
from careline.answers.engine.text import readable, words


@dataclass(frozen=True)
class Profile:
    """One language as data/languages.toml describes it."""

    code: str
    stemmer: str
    mask: str
    small_words: frozenset[str]
    telling_words: frozenset[str]
    letters: frozenset[str]
    stand_ins: frozenset[str]
    spellings: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def profiles() -> dict[str, Profile]:
    """Return every language that the data describes, by code."""
    return {code: _profile(code, raw) for code, raw in data.table("languages").items()}


def profile_of(language: str) -> Profile:
    """Return the language's profile; the first one's for a language that has none yet."""
    known = profiles()
    return known.get(language) or next(iter(known.values()))


def _profile(code: str, raw: dict[str, object]) -> Profile:
    spellings = raw["spellings"]
    assert isinstance(spellings, dict)  # noqa: S101 - the shape of our own file
    return Profile(
        code=code,
        stemmer=str(raw["stemmer"]),
        mask=str(raw["mask"]),
        small_words=frozenset(words(str(raw["small_words"]))),
        telling_words=frozenset(words(str(raw["telling_words"]))),
        letters=frozenset(str(raw["letters"])),
        stand_ins=frozenset(words(str(raw["stand_ins"]))),
        spellings={str(key): tuple(words(str(value))) for key, value in spellings.items()},
    )


def detect(text: str, fallback: str) -> str:
    """Return the text's language; `fallback` where its words don't tell or are mixed.

    The lead must be clear: half as much again as the second language.
    """
    scores = sorted(((_score(text, one), one.code) for one in profiles().values()), reverse=True)
    (best, code), (second, _) = scores[0], scores[1]
    return code if best > 0 and best >= 1.5 * second else fallback


def _score(text: str, profile: Profile) -> float:
    own = [word for word in words(text[:4000]) if word in profile.telling_words]
    letters = sum(char in profile.letters for char in readable(text[:4000]).casefold())
    return len(own) + min(letters, 4)
