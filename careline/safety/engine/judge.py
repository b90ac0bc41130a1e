"""Judges one text by a rule set."""

from collections.abc import Iterator

from careline.safety.engine import scope
from careline.safety.engine.alike import sounding_alike
from careline.safety.engine.measures import measured
from careline.safety.engine.quantities import Thermometer, counted, numbers_in, temperatures
from careline.safety.engine.rules import Indexed, RuleSet, Shift
from careline.safety.engine.scene import Found, Scene
from careline.safety.engine.text import CLAUSE, Reading, read
from careline.safety.levels import Assessment, Level, Sign

MOST_SIGNS = 20
# So often is the same pattern looked at in one text; more of it says nothing new.
MOST_OF_ONE_PATTERN = 300
LONGEST_QUOTE = 160


def judge(rules: RuleSet, text: str, language: str | None = None) -> Assessment:
    """Assess ``text``. All languages' rules apply, whatever ``language`` says."""
    reading = rules.spelling.put_right(read(text))
    scene = _scene(rules, reading)
    readings = _add_quantities(scene)
    everything = list(scene.found)
    scene.settle()
    kept = [each for each in scene.found if _weigh(scene, each, readings)]
    signs = _signs(kept, reading, text)
    signs += _combined(rules, signs)
    worst = max((sign.level.rank for sign in signs), default=0)
    alike = sounding_alike(scene, everything, kept, worst)
    signs += _signs(alike, reading, text)
    signs.sort(key=lambda sign: (-sign.level.rank, sign.start))
    level = signs[0].level if signs else Level.NONE
    shown = tuple(signs[:MOST_SIGNS])
    return Assessment(level, shown, language or _language(rules, reading), rules.version)


def _scene(rules: RuleSet, reading: Reading) -> Scene:
    joined = [pause < CLAUSE - 1 for pause in reading.pauses]
    scene = Scene(rules, reading, rules.lexicon.mark(reading.words, joined))
    for position in scene.marked.where.get(rules.scope.clause_words, ()):
        reading.pauses[position] = max(reading.pauses[position], CLAUSE)
    for indexed in _candidates(rules, scene):
        _collect(scene, indexed)
    return scene


def _candidates(rules: RuleSet, scene: Scene) -> Iterator[Indexed]:
    """Patterns of which every needed group occurs somewhere in the text."""
    present = scene.marked.present
    for group in rules.patterns.keys() & present:
        for indexed in rules.patterns[group]:
            if indexed.pattern.required <= present:
                yield indexed


def _collect(scene: Scene, indexed: Indexed) -> None:
    places = indexed.pattern.find(scene.marked, scene.reading.pauses)
    for number, (start, end) in enumerate(places):
        if number == MOST_OF_ONE_PATTERN:
            return
        if indexed.cue is not None:
            scene.raw_cues.setdefault(indexed.cue, []).append((start, end))
        elif indexed.rule is not None:
            level = scene.rules.rules[indexed.rule].level
            scene.found.append(Found(indexed.rule, level, start, end, indexed.negative))


def _add_quantities(scene: Scene) -> list[Thermometer]:
    rules, reading, marked = scene.rules, scene.reading, scene.marked
    numbers = numbers_in(reading, rules.number_words)
    readings = temperatures(rules, reading, marked, numbers)
    thing = rules.temperature
    if thing is not None:
        scene.found += [
            Found(thing.key, each.level, each.start, each.end)
            for each in readings
            if each.level is not Level.NONE
        ]
    scene.found += counted(rules, reading, marked, numbers)
    scene.found += measured(rules, reading, marked, numbers)
    return readings


def _weigh(scene: Scene, found: Found, readings: list[Thermometer]) -> bool:
    """Settle the level of a possible sign; False when it isn't happening."""
    if scope.is_negated(scene, found) or scope.is_general(scene, found):
        return False
    if scope.is_past(scene, found):
        return False
    rule = scene.rules.rules.get(found.rule)
    if rule is not None:
        found.level = _shifted(scene, found, rule.raised, rule.lowered)
    _believe_thermometer(scene, found, readings)
    if scope.is_over(scene, found) and not (rule is not None and rule.lasting):
        found.level = found.level.one_lower
    return True


def _shifted(scene: Scene, found: Found, raised: Shift | None, lowered: Shift | None) -> Level:
    if raised is not None and _near(scene, found, raised):
        return raised.to
    if lowered is not None and _near(scene, found, lowered):
        return lowered.to
    return found.level


def _near(scene: Scene, found: Found, shift: Shift) -> bool:
    """Does a word of the shift stand near, in the same sentence, without a no before it?"""
    first = max(found.start - shift.within, 0)
    last = min(found.end + shift.within, len(scene.reading))
    sentence, negators = scene.parts.sentence, scene.rules.scope.negators
    return any(
        sentence[position] == sentence[found.start] and not scene.has(position - 1, negators)
        for position in range(first, last)
        if any(group in scene.marked.hits[position] for group in shift.groups)
    )


def _believe_thermometer(scene: Scene, found: Found, readings: list[Thermometer]) -> None:
    """ "A fever of 99.5": the number outweighs the word, unless another number is a fever."""
    thing = scene.rules.temperature
    if thing is None or found.rule != thing.words_of:
        return
    sentence = scene.parts.sentence[found.start]
    levels = [each.level for each in readings if scene.parts.sentence[each.start] == sentence]
    if levels and thing.level not in levels:
        found.level = thing.slight_level


def _signs(found: list[Found], reading: Reading, text: str) -> list[Sign]:
    """One sign per rule, level and place; level none ones stay, for the combos."""
    unique: dict[tuple[str, Level, int], Sign] = {}
    for each in found:
        start, end = reading.starts[each.start], reading.ends[each.end - 1]
        sign = Sign(each.rule, each.level, text[start:end][:LONGEST_QUOTE], start, end)
        unique.setdefault((each.rule, each.level, each.start), sign)
    return list(unique.values())


def _combined(rules: RuleSet, signs: list[Sign]) -> list[Sign]:
    by_rule = {sign.rule: sign for sign in reversed(signs)}
    made = [
        Sign(combo.key, combo.level, first.matched, first.start, first.end)
        for combo in rules.combos
        for keys in [combo.of & by_rule.keys()]
        if len(keys) >= combo.at_least
        for first in [min((by_rule[key] for key in keys), key=lambda sign: sign.start)]
    ]
    signs[:] = [sign for sign in signs if sign.level is not Level.NONE]
    return made


def _language(rules: RuleSet, reading: Reading) -> str:
    """The language most of whose small words occur; the first language when none does."""
    words = set(reading.words)
    return max(rules.languages, key=lambda code: len(words & rules.languages[code]))
