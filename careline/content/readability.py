"""How hard a page is to read, by published formulas.

English, as a school grade of the United States (lower is easier):

- SMOG (McLaughlin 1969): 1.0430 * sqrt(polysyllables * 30 / sentences) + 3.1291. A polysyllable has
  three syllables or more, each occurrence counts. Made for 30 sentences; a shorter page is scaled.
- Flesch-Kincaid grade (Kincaid and others 1975):
  0.39 * words / sentences + 11.8 * syllables / words - 15.59

Spanish, as ease from 0 to 100 (higher is easier):

- Fernández Huerta (1959): 206.84 - 60 * syllables / words - 1.02 * words / sentences. From 60 on it
  is "normal", the 7th and 8th grade.
- INFLESZ (Barrio-Cantalejo and others 2008), a scale for patients' texts on Szigriszt-Pazos's
  formula: 206.835 - 62.3 * syllables / words - words / sentences. From 55 on it is "normal".

What is counted:

- Each text handed over is one sentence, as in a pack's files. Headings, titles and tables aren't.
- Names that a reader can't do without (drugs, brands, targets, regimens) are masked: each counts as
  one word of two syllables, however long it is.
- Words joined by a hyphen are one word. Figures, and what the service fills in (a phone number),
  are a word of one syllable. Initials are read out: FDA has three.
- English syllables come from the CMU Pronouncing Dictionary, and for what it lacks from the groups
  of vowels; Spanish ones from silabeador, by the rules of spelling.

A language without a row in the table below isn't measured, least of all by another's formula.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

_MASKED = "\ue000"
_FILLED_IN = re.compile(r"\{\{[^{}]*\}\}")
_WORD = re.compile(rf"\d[\d.,:/–-]*(?![\w{_MASKED}-])|[\w{_MASKED}]+(?:[-'’][\w{_MASKED}]+)*")
_FIGURE = re.compile(r"[\d.,:/–-]+")
_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_SILENT = re.compile(r"(?:[^aeiouyl]e|[aeiouy]le|[^aeiouytd]ed|[^aeiouycglsxz]es)$")
_SIBILANT = re.compile(r"(?:[sxz]|ch|sh|ce|ge|se|ze)$")
_POLYSYLLABLE = 3
_SYLLABLES_OF_A_MASKED_NAME = 2
_LONGEST_INITIALS = 5
# What the dictionary lacks while its vowels mislead; and "every", which it gives three syllables
# first although every other dictionary of English has two.
_KNOWN = {"careline": 2, "every": 2}


@dataclass(frozen=True)
class Counts:
    """What the formulas are made of; `words` is never 0. `long_words` says how often each
    polysyllable stands there."""

    sentences: int
    words: int
    syllables: int
    long_words: Counter[str]

    @property
    def polysyllables(self) -> int:
        """How many words have three syllables or more."""
        return self.long_words.total()


@dataclass(frozen=True)
class Score:
    """One formula's figure beside its limit; `limit` is the hardest that patients' pages may be."""

    name: str
    value: float
    limit: float
    higher_is_easier: bool

    @property
    def passes(self) -> bool:
        """Whether the text, to one decimal as it is shown, keeps the limit."""
        shown = round(self.value, 1)
        return shown >= self.limit if self.higher_is_easier else shown <= self.limit


@dataclass(frozen=True)
class Reading:
    """How one text reads."""

    counts: Counts
    scores: tuple[Score, ...]

    @property
    def long_words(self) -> list[tuple[str, int]]:
        """The words of three syllables or more, most frequent first."""
        return self.counts.long_words.most_common()

    @property
    def passes(self) -> bool:
        """Whether every score keeps its limit."""
        return all(score.passes for score in self.scores)


@dataclass(frozen=True)
class _Formula:
    name: str
    limit: float
    higher_is_easier: bool
    value: Callable[[Counts], float]

    def score(self, counts: Counts) -> Score:
        return Score(self.name, self.value(counts), self.limit, self.higher_is_easier)


@dataclass(frozen=True)
class _Language:
    syllables: Callable[[str], int]
    formulas: tuple[_Formula, ...]


def mask_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds these names as whole words, in any case; None when there are none."""
    longest_first = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)


def reading(
    sentences: Iterable[str], language: str, mask: re.Pattern[str] | None = None
) -> Reading | None:
    """Measure a text by its language's formulas; None for no words or a language without any."""
    rules = _LANGUAGES.get(language.split("-")[0])
    if rules is None:
        return None
    counts = _count([_plain(text, mask) for text in sentences], rules.syllables)
    if not counts.words:
        return None
    return Reading(counts, tuple(formula.score(counts) for formula in rules.formulas))


def _plain(text: str, mask: re.Pattern[str] | None) -> str:
    text = _FILLED_IN.sub("0", text.replace(_MASKED, ""))
    return mask.sub(_MASKED, text) if mask else text


def _count(sentences: list[str], syllables_of: Callable[[str], int]) -> Counts:
    found = [words for text in sentences if (words := _WORD.findall(text))]
    words = [word for sentence in found for word in sentence]
    numbers = [sum(_syllables(part, syllables_of) for part in _parts(word)) for word in words]
    pairs = zip(words, numbers, strict=True)
    long_words = Counter(word.lower() for word, number in pairs if number >= _POLYSYLLABLE)
    return Counts(len(found), len(words), sum(numbers), long_words)


def _parts(word: str) -> list[str]:
    return [word] if _FIGURE.fullmatch(word) else word.split("-")


def _syllables(part: str, syllables_of: Callable[[str], int]) -> int:
    if part == _MASKED:
        return _SYLLABLES_OF_A_MASKED_NAME
    if any(letter.isdigit() for letter in part):
        return 1
    if part.isupper() and 1 < len(part) <= _LONGEST_INITIALS:
        return len(part)
    return syllables_of(part.lower().replace("’", "'").replace(_MASKED, ""))


@lru_cache(maxsize=4096)
def _english(word: str) -> int:
    # Imported when first asked: its dictionary takes memory that a helpline's visitors don't need.
    from pysyllables import get_syllable_count

    count: int | None = _KNOWN.get(word) or get_syllable_count(word)
    if count is not None:
        return count
    if word.endswith("'s"):
        owner = word.removesuffix("'s")
        return _english(owner) + bool(_SIBILANT.search(owner))
    return _by_vowels(word)


def _by_vowels(word: str) -> int:
    """Count the groups of vowels, without the silent e at the end."""
    return max(1, len(_VOWELS.findall(word)) - bool(_SILENT.search(word)))


@lru_cache(maxsize=4096)
def _spanish(word: str) -> int:
    from silabeador import syllabify

    try:
        # Without its lists of exceptions, which are for verse and for Latin.
        return max(1, len(syllabify(word, exceptions=0)))
    except IndexError:  # It stumbles over what is no Spanish, such as "yb".
        return max(1, len(_SPANISH_VOWELS.findall(word)))


def _smog(counts: Counts) -> float:
    return 1.0430 * sqrt(counts.polysyllables * 30 / counts.sentences) + 3.1291


def _flesch_kincaid(counts: Counts) -> float:
    per_sentence = counts.words / counts.sentences
    return 0.39 * per_sentence + 11.8 * counts.syllables / counts.words - 15.59


def _fernandez_huerta(counts: Counts) -> float:
    per_sentence = counts.words / counts.sentences
    return 206.84 - 60 * counts.syllables / counts.words - 1.02 * per_sentence


def _inflesz(counts: Counts) -> float:
    per_sentence = counts.words / counts.sentences
    return 206.835 - 62.3 * counts.syllables / counts.words - per_sentence


_LANGUAGES: dict[str, _Language] = {
    "en": _Language(
        _english,
        (
            _Formula("SMOG", 8, False, _smog),
            _Formula("Flesch-Kincaid", 8, False, _flesch_kincaid),
        ),
    ),
    "es": _Language(
        _spanish,
        (
            _Formula("Fernández Huerta", 60, True, _fernandez_huerta),
            _Formula("INFLESZ", 55, True, _inflesz),
        ),
    ),
}
