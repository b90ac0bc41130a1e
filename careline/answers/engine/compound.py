"""Messages that ask more than one thing, and those that go on from the question before."""

import re

from careline.answers.engine import data
from careline.answers.engine.text import readable

# Three things at once are a conversation: a person is better at that.
MOST_QUESTIONS = 2
_SHORTEST = 2
_QUESTION = re.compile(r"[^.!?¿…\n]+\?")


def questions(text: str) -> list[str]:
    """Return the questions of a message, at most MOST_QUESTIONS; fewer than two: ask it as it is.

    Either sentences that end in a question mark, or halves joined by "and" where the second
    begins as a question does.
    """
    asked = [one.strip() for one in _QUESTION.findall(text)]
    if len(asked) < 2:
        asked = [one.strip(" ,;?") for one in _JOINT.split(readable(text)) if one]
    long_enough = all(len(one.split()) >= _SHORTEST for one in asked)
    return asked if 1 < len(asked) <= MOST_QUESTIONS and long_enough else []


def goes_on(words: list[str]) -> bool:
    """Return whether folded words go on from what was asked before ("and how often?")."""
    table = data.table("followups")
    return bool(words) and words[0] in table["first"]


def _joint() -> re.Pattern[str]:
    table = data.table("followups")
    joined, begins = "|".join(table["joined"]), "|".join(table["begins"])
    return re.compile(rf"[ ,;]+(?:{joined})[ ,]+(?=(?:{begins})\b)", re.IGNORECASE)


_JOINT = _joint()
