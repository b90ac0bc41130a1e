"""Numbers with units: body temperatures, and how often something happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from careline.safety.engine.lexicon import Marked
from careline.safety.engine.rules import Count, NumberWords, RuleSet, Scale, Temperature
from careline.safety.engine.scene import Found
from careline.safety.engine.text import CLAUSE, COMMA, DEGREE, SENTENCE, Reading
from careline.safety.levels import Level

LOOK_BACK = 5
LOOK_AHEAD = 3
UNIT_WITHIN = 3
LED_WITHIN = 6
# A reading this far below a slightly raised one is still a body temperature.
PLAUSIBLE_BELOW = 4.0
WARMEST_NORMAL_GAP = 0.01


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text, from word ``start`` up to, not including, word ``end``."""

    value: float
    start: int
    end: int


def numbers_in(reading: Reading, words: NumberWords) -> list[Number]:
    """Every number, in digits or in words ("treinta y ocho y medio", "one oh two")."""
    found: list[Number] = []
    position = 0
    while position < len(reading):
        number = _number_at(reading, words, position)
        if number is not None:
            found.append(number)
        position = number.end if number else position + 1
    return found


def _number_at(reading: Reading, words: NumberWords, start: int) -> Number | None:
    value = _value(reading, words.values, start)
    end = start + 1
    if value is None:
        if not (_is(reading, start, words.one) and _is(reading, end, words.hundred)):
            return None
        value = 1.0
    if reading.numbers[start] is None:
        value, end = _compose(reading, words, value, end)
    value, end = _fraction(reading, words, value, end)
    return Number(value, start, end)


def _value(reading: Reading, values: Mapping[str, float], position: int) -> float | None:
    if position >= len(reading):
        return None
    written = reading.numbers[position]
    return written if written is not None else values.get(reading.words[position])


def _is(reading: Reading, position: int, words: frozenset[str]) -> bool:
    inside = position < len(reading) and reading.pauses[position] <= COMMA
    return inside and reading.words[position] in words


def _compose(reading: Reading, words: NumberWords, value: float, end: int) -> tuple[float, int]:
    """Hundreds, tens and ones that are said one after the other."""
    if value < 10 and _is(reading, end, words.hundred):
        value, end = value * 100, end + 1
    # "One oh two" is 102; "seis o siete" is six or seven.
    elif value == 1 and _is(reading, end, words.oh):
        ones = _value(reading, words.values, end + 1)
        return (value * 100 + ones, end + 2) if ones is not None and ones < 10 else (value, end)
    for size in (100, 10):
        following = end + 1 if _is(reading, end, words.joiner) else end
        more = _value(reading, words.values, following)
        if more is not None and value >= size and value % size == 0 and 0 < more < size:
            value, end = value + more, following + 1
    return value, end


def _fraction(reading: Reading, words: NumberWords, value: float, end: int) -> tuple[float, int]:
    if _is(reading, end, words.point):
        tenths = _value(reading, words.values, end + 1)
        if tenths is not None and tenths < 10:
            return value + tenths / 10, end + 2
    if _is(reading, end, words.joiner):
        for after in (end + 1, end + 2):
            if _is(reading, after, words.half):
                return value + 0.5, after + 1
    return value, end


@dataclass(frozen=True, slots=True)
class Thermometer:
    """What a number says as a temperature; ``start`` includes the words that make it one."""

    level: Level
    start: int
    end: int


def temperatures(
    rules: RuleSet, reading: Reading, marked: Marked, numbers: list[Number]
) -> list[Thermometer]:
    """Every number that reads as a body temperature, normal ones included (level none)."""
    thing = rules.temperature
    if thing is None:
        return []
    readings = (_temperature(thing, reading, marked, number) for number in numbers)
    return [found for found in readings if found is not None]


def _temperature(
    thing: Temperature, reading: Reading, marked: Marked, number: Number
) -> Thermometer | None:
    unit_at = number.end
    if unit_at < len(reading) and reading.words[unit_at] == DEGREE:
        unit_at += 1
    scale = _stated_scale(thing, marked, reading, unit_at) or _likely_scale(thing, number.value)
    if scale is None or number.value > scale.highest:
        return None
    start = _context_start(thing, reading, marked, number, unit_at)
    if start is None:
        return None
    return Thermometer(_fever_level(thing, scale, number.value), start, number.end)


def _stated_scale(
    thing: Temperature, marked: Marked, reading: Reading, position: int
) -> Scale | None:
    if position >= len(reading) or reading.pauses[position] >= COMMA:
        return None
    here = marked.hits[position]
    following = marked.hits[position + 1] if position + 1 < len(reading) else {}
    degrees = thing.degrees in here
    for scale in thing.scales:
        if scale.units in here or (degrees and scale.units in following):
            return scale
    return None


def _likely_scale(thing: Temperature, value: float) -> Scale | None:
    for scale in thing.scales:
        if scale.slight - PLAUSIBLE_BELOW <= value <= scale.highest:
            return scale
    return None


def _fever_level(thing: Temperature, scale: Scale, value: float) -> Level:
    if value >= scale.fever - WARMEST_NORMAL_GAP:
        return thing.level
    return thing.slight_level if value >= scale.slight - WARMEST_NORMAL_GAP else Level.NONE


def _context_start(
    thing: Temperature, reading: Reading, marked: Marked, number: Number, unit_at: int
) -> int | None:
    """The first word that belongs to the temperature, or None if it is another quantity."""
    if _group_at(marked, number.end, thing.not_after, reading):
        return None
    behind = _nearest_behind(thing, reading, marked, number.start)
    if behind is not None:
        return behind if behind >= 0 else None
    ahead = range(number.end, min(number.end + LOOK_AHEAD, len(reading)))
    if any(thing.not_near in marked.hits[position] for position in ahead):
        return None
    stated = _stated_scale(thing, marked, reading, unit_at) is not None
    decimal = number.value != int(number.value)
    degrees = _group_at(marked, number.end, thing.degrees, reading)
    in_context = thing.context in marked.present
    return number.start if stated or decimal or degrees or in_context else None


def _group_at(marked: Marked, position: int, group: int, reading: Reading) -> bool:
    inside = position < len(reading) and reading.pauses[position] < COMMA
    return inside and group in marked.hits[position]


def _nearest_behind(thing: Temperature, reading: Reading, marked: Marked, start: int) -> int | None:
    """Where the nearest word about temperature stands; -1 if another quantity stands nearer."""
    for position in range(start - 1, max(start - 1 - LOOK_BACK, -1), -1):
        if reading.pauses[position + 1] >= CLAUSE and reading.marks[position + 1].strip() != ":":
            return None
        if thing.context in marked.hits[position]:
            return position
        if thing.not_near in marked.hits[position]:
            return -1
        if reading.numbers[position] is not None:
            return None
    return None


def counted(
    rules: RuleSet, reading: Reading, marked: Marked, numbers: list[Number]
) -> Iterator[Found]:
    """Signs that are a number of times."""
    for count in rules.counts:
        if count.context not in marked.present:
            continue
        for number in numbers:
            end = _unit_end(count, reading, marked, number)
            led = count.lead is None or _is_led(count.lead, reading, marked, number)
            if end is not None and led and not _other_thing(count, marked, number):
                level = count.level if number.value >= count.at_least else count.few_level
                yield Found(count.key, level, number.start, end)


def _is_led(lead: int, reading: Reading, marked: Marked, number: Number) -> bool:
    """Does a word of the group stand before the number, in the same sentence?"""
    for position in range(number.start - 1, max(number.start - 1 - LED_WITHIN, -1), -1):
        if reading.pauses[position + 1] == SENTENCE:
            return False
        if lead in marked.hits[position]:
            return True
    return False


def _unit_end(count: Count, reading: Reading, marked: Marked, number: Number) -> int | None:
    if count.bare:
        return None if _group_at(marked, number.end, count.blocked, reading) else number.end
    for position in range(number.end, min(number.end + UNIT_WITHIN, len(reading))):
        if reading.pauses[position] >= CLAUSE or reading.pauses[position] == SENTENCE:
            return None
        if count.units in marked.hits[position]:
            return min(marked.hits[position][count.units])
        if count.blocked in marked.hits[position]:
            return None
    return None


def _other_thing(count: Count, marked: Marked, number: Number) -> bool:
    """The number counts something else, for instance nights or trips to pass water."""
    near = range(max(number.start - 4, 0), min(number.end + 6, len(marked.hits)))
    return any(count.unless in marked.hits[position] for position in near)
