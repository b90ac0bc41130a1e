"""What a message asks, apart from the story around it.

People tell what happened, then ask. What they name on the way (an earlier illness, another
medicine) says little about what they want to know.
"""

import re
from functools import cache

from careline.answers.engine import data
from careline.answers.engine.text import fold, sentences

# Two words are a name, not a question.
_FEWEST = 3
_MOST = 4
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def asking(text: str) -> list[str]:
    """Return the folded parts of a message that ask, in order, at most four; none: no telling.

    A sentence that asks is one part; where it begins with a story, what follows the story is
    one more.
    """
    told = [_APOSTROPHE.sub("", fold(one)) for one in sentences(text)]
    marked = [one for one in told if "?" in one]
    found: list[str] = []
    for one in marked or told:
        found += _parts(one, marked=bool(marked))
    return list(dict.fromkeys(found))[:_MOST]


def _parts(sentence: str, *, marked: bool) -> list[str]:
    begins = [_begin(match) for match in _opener().finditer(sentence)]
    begins = [at for at in begins if len(sentence[at:].split()) >= _FEWEST]
    if not begins:
        return [sentence] if marked else []
    whole = [sentence] if marked or begins[0] == 0 else []
    later = [sentence[at:] for at in (begins[0], begins[-1]) if at > 0]
    return [*whole, *later]


def is_past(sentence: str) -> bool:
    """Return whether a sentence speaks of a time that is over."""
    return bool(_past().search(_APOSTROPHE.sub("", fold(sentence))))


def is_about_suiting(question: str) -> bool:
    """Return whether it is asked what somebody may or can have: all that ails them counts then."""
    return bool(_suiting().search(_APOSTROPHE.sub("", fold(question))))


def _begin(match: re.Match[str]) -> int:
    return max(match.start("paused"), match.start("strong"))


@cache
def _opener() -> re.Pattern[str]:
    table = data.table("openers")
    links, strong, weak = table["links"], table["anywhere"], table["after_pause"]
    pause = rf"(?:^[^\w]*|[,;:.()!?-]+\s*)(?:(?:{links})\s+)*|\b(?:{links})\s+"
    return re.compile(rf"(?:{pause})(?P<paused>{strong}|{weak})\b|\b(?P<strong>{strong})\b")


@cache
def _past() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{data.table('openers')['past']})\b")


@cache
def _suiting() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{data.table('openers')['suiting']})\b")
