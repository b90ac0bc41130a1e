"""What is kept of a question that couldn't be answered: words of the content, and no others.

Names, numbers and places can't be found for certain, so it isn't tried to take them out. It
is the other way round: a word goes through only if the approved content uses it, or if it
is one of the small words of a language. What stands in its place is the content's own
spelling of it, or a mark that something was there. So nothing is ever kept that a person
typed and that wasn't on the pages before.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from careline.answers.engine import data
from careline.answers.engine.language import profiles
from careline.answers.engine.reading import outside_entities
from careline.answers.engine.terms import stem
from careline.answers.engine.text import fold, readable, words

HIDDEN = "…"
# Of a long message, so many words are kept at most.
MOST_WORDS = 40
_READ = 1000
# How many words after a cue are taken for a name or a place; small words end it.
_AFTER_CUE = 3
_SHORTEST_GUESS = 6
_MOST_GUESSES = 6
# "I" is written with a capital by everybody.
_OWN = frozenset(["i", "im", "ive", "id", "ill"])
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDS = (".", "!", "?", "…", ":")


@dataclass(frozen=True)
class Vocabulary:
    """The words that may be kept: folded form -> the content's spelling.

    `numbered` are the names that hold a digit, such as PD-1; `stems` lead from an ending of
    a word to the one that is known.
    """

    spellings: dict[str, str]
    stems: dict[tuple[str, str], str]
    numbered: dict[str, str]
    names: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str], names: Iterable[str]) -> "Vocabulary":
        """Return the vocabulary of these texts and names of things."""
        named = [name for name in names if name]
        spellings: dict[str, str] = {}
        for word in _small_words():
            spellings.setdefault(word, word)
        for text in (*texts, *named):
            for word in _LETTERS.findall(readable(text)):
                spellings.setdefault(_folded(word), word.casefold().replace("’", "'"))
        for word in _never_kept():
            spellings.pop(word, None)
        spellings.pop("", None)
        stems = {(code, stem(word, code)): word for code in profiles() for word in spellings}
        numbered = {_plain(name): name for name in named if any(map(str.isdigit, name))}
        things = frozenset(part for name in named for part in words(name))
        return cls(spellings, stems, numbered, things)


def stripped(text: str, language: str, known: Vocabulary) -> str:
    """Return the text's words that may be kept, in order, HIDDEN for what may not.

    Empty where too little is left to say what was asked.
    """
    chunks = readable(text[:_READ]).split()
    shouted = text.upper() == text
    kept = list(_kept(chunks, language, known, shouted=shouted))[: MOST_WORDS + 1]
    told = [word for word in kept if word != HIDDEN and _folded(word) not in _small_words()]
    return " ".join(kept) if told else ""


def _kept(
    chunks: Iterable[str], language: str, known: Vocabulary, *, shouted: bool
) -> Iterator[str]:
    """Yield what is kept; runs of what isn't are one mark."""
    begins, after_cue, last = True, 0, ""
    guess = _Guesser(language, known)
    for chunk in chunks:
        for word in _words(chunk, known):
            folded = _folded(word)
            numbered = known.numbered.get(_plain(word), "")
            capital = word[:1].isupper() and not (begins or shouted or folded in _OWN)
            strange = capital and not (numbered or folded in known.names)
            if strange or (after_cue and folded not in _small()):
                shown = HIDDEN
            else:
                shown = numbered or guess(folded)
            after_cue = _AFTER_CUE if folded in _cues() else max(after_cue - 1, 0)
            if shown != HIDDEN or last != HIDDEN:
                yield shown
            begins, last = False, shown
        begins = chunk.endswith(_ENDS)


def _words(chunk: str, known: Vocabulary) -> list[str]:
    """The words of what stands between two spaces; addresses and numbers stay whole, unknown."""
    if _plain(chunk) in known.numbered:
        return [chunk]
    if any(map(str.isdigit, chunk)) or "@" in chunk or re.search(r"\w\.\w|://", chunk):
        return ["0"]
    return _LETTERS.findall(chunk)


@dataclass
class _Guesser:
    """From a folded word to the content's spelling of it, or the mark."""

    language: str
    known: Vocabulary
    guesses: int = 0

    def __call__(self, folded: str) -> str:
        known = self.known
        if not folded or folded in _never_kept():
            return HIDDEN
        if folded in known.spellings:
            return known.spellings[folded]
        profile = profiles().get(self.language)
        if profile and folded in profile.spellings:
            return known.spellings.get(profile.spellings[folded][0], HIDDEN)
        ending = known.stems.get((self.language, stem(folded, self.language)))
        return known.spellings[ending] if ending else self._near(folded)

    def _near(self, folded: str) -> str:
        """A slip of the finger gives the word that was meant, where one is near."""
        if len(folded) < _SHORTEST_GUESS or self.guesses >= _MOST_GUESSES:
            return HIDDEN
        self.guesses += 1
        slips = 1 if len(folded) < 9 else 2
        found = process.extractOne(
            folded, self.known.spellings.keys(), scorer=OSA.distance, score_cutoff=slips
        )
        return self.known.spellings[found[0]] if found else HIDDEN


def _folded(word: str) -> str:
    return "".join(words(word))


def _plain(name: str) -> str:
    return "".join(char for char in fold(name) if char.isalnum())


@cache
def _small_words() -> frozenset[str]:
    return frozenset().union(*(one.small_words for one in profiles().values()))


@cache
def _small() -> frozenset[str]:
    return _small_words() | _cues()


@cache
def _never_kept() -> frozenset[str]:
    table = data.table("hidden")
    return frozenset(words(f"{table['names']} {table['numbers']}")) - _small_words()


@cache
def _cues() -> frozenset[str]:
    return frozenset(words(data.table("hidden")["cues"]))


def outside_names() -> Iterator[str]:
    """Yield the names of conditions and medicines that the engine knows and no page covers."""
    for entity in outside_entities():
        yield from entity.names
