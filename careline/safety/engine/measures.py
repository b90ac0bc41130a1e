"""Numbers that a device at home shows: oxygen, pulse, blood sugar, blood pressure."""

from collections.abc import Iterator

from careline.safety.engine.lexicon import Marked
from careline.safety.engine.quantities import Number
from careline.safety.engine.rules import RuleSet
from careline.safety.engine.scene import Found
from careline.safety.engine.text import CLAUSE, Reading

LOOK_BACK = 6
LOOK_AHEAD = 4


def measured(
    rules: RuleSet, reading: Reading, marked: Marked, numbers: list[Number]
) -> Iterator[Found]:
    """Signs that are a measured number, by the words that stand nearest to it."""
    if not any(measure.words in marked.present for measure in rules.measures):
        return
    for number in numbers:
        words = _words_of(rules, reading, marked, number)
        for measure in rules.measures:
            if measure.words == words and measure.at_least <= number.value < measure.below:
                yield Found(measure.key, measure.level, number.start, number.end)


def _words_of(rules: RuleSet, reading: Reading, marked: Marked, number: Number) -> int | None:
    behind = _behind(rules, reading, marked, number)
    return behind if behind is not None else _ahead(rules, reading, marked, number)


def _behind(rules: RuleSet, reading: Reading, marked: Marked, number: Number) -> int | None:
    for position in range(number.start - 1, max(number.start - 1 - LOOK_BACK, -1), -1):
        # "Oxygen: 84" is one statement.
        colon = reading.marks[position + 1].strip() == ":"
        if reading.pauses[position + 1] >= CLAUSE and not colon:
            return None
        named = _named(rules, marked, position, number.start)
        if named is not None:
            return named
        if reading.numbers[position] is not None and not _is_in_name(rules, marked, position):
            return None
    return None


def _ahead(rules: RuleSet, reading: Reading, marked: Marked, number: Number) -> int | None:
    for position in range(number.end, min(number.end + LOOK_AHEAD, len(reading))):
        if reading.pauses[position] >= CLAUSE or reading.numbers[position] is not None:
            return None
        named = _named(rules, marked, position, len(reading))
        if named is not None:
            return named
    return None


def _named(rules: RuleSet, marked: Marked, position: int, last: int) -> int | None:
    here = marked.hits[position]
    for measure in rules.measures:
        if any(end <= last for end in here.get(measure.words, ())):
            return measure.words
    return None


def _is_in_name(rules: RuleSet, marked: Marked, position: int) -> bool:
    """The 2 of "O2" is no number of its own."""
    before = marked.hits[position - 1] if position else {}
    return any(position + 1 in before.get(measure.words, ()) for measure in rules.measures)
