"""Turns reviewed rule data (the contents of rules.yaml) into a RuleSet.

Every mistake in the data is a RuleError that names the place and what is expected there; a
RuleSet that exists is complete.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from careline.safety.engine.lexicon import Lexicon
from careline.safety.engine.likeness import Likeness, unpacked
from careline.safety.engine.patterns import Pattern, PatternError, parse_patterns
from careline.safety.engine.rules import (
    Combo,
    Count,
    Cue,
    Indexed,
    Measure,
    NumberWords,
    Rule,
    RuleSet,
    Scale,
    Scope,
    Shift,
    Temperature,
)
from careline.safety.engine.spelling import Spelling
from careline.safety.engine.text import fold
from careline.safety.levels import Level

FORMAT = 1
Data = Mapping[str, Any]
_CUES = frozenset(cue.value for cue in Cue)


class RuleError(ValueError):
    """The rule data is wrong at ``where``, for instance ``rules[3].patterns.en[0]``."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


def compile_rules(data: object) -> RuleSet:
    """Compile the parsed rule file; raises RuleError, nothing else."""
    top = mapping(data, "rules file")
    if top.get("format") != FORMAT:
        raise RuleError("format", f"expected {FORMAT}, found {top.get('format')!r}")
    try:
        return _compile(top)
    except KeyError as missing:
        raise RuleError("rules file", f"the field {missing} is missing") from missing
    except (TypeError, AttributeError, ValueError) as wrong:
        if isinstance(wrong, RuleError):
            raise
        raise RuleError("rules file", f"a value has the wrong type ({wrong})") from wrong


def _compile(top: Data) -> RuleSet:
    lexicon = Lexicon()
    numbers = _number_words(mapping(top["numbers"], "numbers"))
    _name_groups(top["groups"], numbers.values, lexicon)
    rules = _rules(top["rules"], lexicon)
    patterns = list(chain(_rule_patterns(top["rules"], lexicon), _cue_patterns(top, lexicon)))
    scope = _scope(mapping(top["scope"], "scope"), lexicon)
    _choose_starts(patterns, scope, lexicon)
    return RuleSet(
        version=str(top["version"]),
        demonstration=bool(top.get("demonstration", True)),
        languages=_languages(top["languages"]),
        number_words=numbers,
        temperature=_temperature(top.get("temperature"), lexicon),
        counts=tuple(_counts(top.get("counts", []), lexicon)),
        measures=tuple(_measures(top.get("measures", []), lexicon)),
        combos=tuple(_combos(top.get("combos", []), rules)),
        likenesses=tuple(_likenesses(top.get("likenesses", []))),
        scope=scope,
        spelling=_spelling(top["spelling"], lexicon, frozenset(numbers.values)),
        lexicon=lexicon,
        rules=rules,
        patterns=_index(patterns),
    )


def _choose_starts(patterns: list[Indexed], scope: Scope, lexicon: Lexicon) -> None:
    for indexed in patterns:
        lexicon.start_from(indexed.pattern.steps[0].group)
    lexicon.start_from(scope.clause_words)
    lexicon.start_from(scope.treatment)


def mapping(value: object, where: str) -> Data:
    """Return the value if it is a mapping; raises RuleError that names the place if not."""
    if not isinstance(value, Mapping):
        raise RuleError(where, "expected a mapping of names to values")
    return value


def _words(value: object, where: str) -> list[str]:
    """A list of words; every entry must be text (YAML reads a bare no or on as true/false)."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise RuleError(where, "expected a list")
    for position, entry in enumerate(value):
        if not isinstance(entry, str) or not entry.strip():
            raise RuleError(f"{where}[{position}]", f"expected words in quotes, found {entry!r}")
    return list(value)


def _level(value: object, where: str) -> Level:
    try:
        return Level(str(value))
    except ValueError:
        names = ", ".join(level.value for level in Level)
        raise RuleError(where, f"expected one of {names}, found {value!r}") from None


def _languages(data: object) -> dict[str, frozenset[str]]:
    languages = mapping(data, "languages")
    return {code: _folded(words, f"languages.{code}") for code, words in languages.items()}


def _number_words(data: Data) -> NumberWords:
    values = {
        fold(word): float(value)
        for words in data["values"].values()
        for word, value in words.items()
    }
    ties = ("joiner", "point", "half", "oh", "hundred", "one")
    return NumberWords(values, **{tie: _folded(data[tie], f"numbers.{tie}") for tie in ties})


def _folded(value: object, where: str) -> frozenset[str]:
    return frozenset(map(fold, _words(value, where)))


def _name_groups(data: object, numbers: Mapping[str, float], lexicon: Lexicon) -> None:
    """Groups of all languages with one name are one group: people mix languages."""
    merged: dict[str, set[str]] = defaultdict(set)
    for language, groups in mapping(data, "groups").items():
        for name, words in mapping(groups, f"groups.{language}").items():
            merged[name].update(map(fold, _words(words, f"groups.{language}.{name}")))
    merged["number"] = {"#", *numbers}
    for name, entries in merged.items():
        lexicon.name(name, entries)


def _group(name: object, where: str, lexicon: Lexicon) -> int:
    if not isinstance(name, str) or name not in lexicon.names:
        raise RuleError(where, f"there is no group called {name!r}")
    return lexicon.names[name]


def _rules(data: object, lexicon: Lexicon) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    if not isinstance(data, Sequence):
        raise RuleError("rules", "expected a list")
    for position, entry in enumerate(data):
        where = f"rules[{position}]"
        rule = _rule(mapping(entry, where), where, lexicon)
        if rule.key in rules:
            raise RuleError(where, f"the key {rule.key!r} is used twice")
        rules[rule.key] = rule
    return rules


def _rule(entry: Data, where: str, lexicon: Lexicon) -> Rule:
    unknown = set(entry) - {"key", "level", "label", "raise", "lower", "lasting", "patterns"}
    if unknown:
        raise RuleError(where, f"unknown field {sorted(unknown)[0]!r}")
    return Rule(
        key=str(entry["key"]),
        level=_level(entry["level"], f"{where}.level"),
        raised=_shift(entry.get("raise"), f"{where}.raise", lexicon),
        lowered=_shift(entry.get("lower"), f"{where}.lower", lexicon),
        lasting=bool(entry.get("lasting", False)),
    )


def _shift(data: object, where: str, lexicon: Lexicon) -> Shift | None:
    if data is None:
        return None
    entry = mapping(data, where)
    groups = tuple(_group(name, f"{where}.near", lexicon) for name in entry["near"])
    return Shift(_level(entry["to"], f"{where}.to"), groups, int(entry["within"]))


def _rule_patterns(data: Sequence[Data], lexicon: Lexicon) -> Iterator[Indexed]:
    for position, entry in enumerate(data):
        for where, source in _sources(entry["patterns"], f"rules[{position}].patterns"):
            yield from _indexed(source, where, lexicon, rule=str(entry["key"]))


def _cue_patterns(top: Data, lexicon: Lexicon) -> Iterator[Indexed]:
    for name, patterns in mapping(top["cues"], "cues").items():
        if name not in _CUES:
            raise RuleError("cues", f"there is no cue called {name!r}")
        for where, source in _sources(patterns, f"cues.{name}"):
            yield from _indexed(source, where, lexicon, cue=Cue(name))


def _sources(data: object, where: str) -> Iterator[tuple[str, str]]:
    for language, sources in mapping(data, where).items():
        for position, source in enumerate(_words(sources, f"{where}.{language}")):
            yield f"{where}.{language}[{position}]", source


def _indexed(
    source: str, where: str, lexicon: Lexicon, rule: str | None = None, cue: Cue | None = None
) -> Iterator[Indexed]:
    try:
        patterns = parse_patterns(source, lexicon)
    except PatternError as wrong:
        raise RuleError(where, str(wrong)) from wrong
    for pattern in patterns:
        yield Indexed(pattern, rule, cue, negative=_has_negator(pattern, lexicon))


def _has_negator(pattern: Pattern, lexicon: Lexicon) -> bool:
    """A pattern that itself says no ("can't breathe") isn't undone by its own no."""
    negators = lexicon.entries(lexicon.names["negator"])
    entries = chain.from_iterable(lexicon.entries(step.group) for step in pattern.steps)
    return any(negators.intersection(entry.split()) for entry in entries)


def _index(patterns: Sequence[Indexed]) -> dict[int, tuple[Indexed, ...]]:
    """Patterns by the group of theirs that the fewest patterns need: the rarest in practice."""
    uses: dict[int, int] = defaultdict(int)
    for indexed in patterns:
        for group in indexed.pattern.required:
            uses[group] += 1
    by_group: dict[int, list[Indexed]] = defaultdict(list)
    for indexed in patterns:
        by_group[min(indexed.pattern.required, key=lambda group: uses[group])].append(indexed)
    return {group: tuple(found) for group, found in by_group.items()}


def _temperature(data: object, lexicon: Lexicon) -> Temperature | None:
    if data is None:
        return None
    entry = mapping(data, "temperature")
    return Temperature(
        key=str(entry["key"]),
        level=_level(entry["level"], "temperature.level"),
        slight_level=_level(entry["slight_level"], "temperature.slight_level"),
        scales=tuple(_scale(scale, lexicon) for scale in entry["scales"]),
        context=_group(entry["context"], "temperature.context", lexicon),
        degrees=_group(entry["degrees"], "temperature.degrees", lexicon),
        not_near=_group(entry["not_near"], "temperature.not_near", lexicon),
        not_after=_group(entry["not_after"], "temperature.not_after", lexicon),
        words_of=str(entry["words_of"]),
    )


def _scale(data: Data, lexicon: Lexicon) -> Scale:
    units = _group(data["units"], "temperature.scales.units", lexicon)
    return Scale(float(data["slight"]), float(data["fever"]), float(data["highest"]), units)


def _counts(data: Sequence[Data], lexicon: Lexicon) -> Iterator[Count]:
    for position, entry in enumerate(data):
        where = f"counts[{position}]"
        yield Count(
            key=str(entry["key"]),
            level=_level(entry["level"], f"{where}.level"),
            few_level=_level(entry["few_level"], f"{where}.few_level"),
            at_least=float(entry["at_least"]),
            units=_group(entry["units"], f"{where}.units", lexicon),
            context=_group(entry["context"], f"{where}.context", lexicon),
            unless=_group(entry["unless"], f"{where}.unless", lexicon),
            blocked=_group(entry["blocked"], f"{where}.blocked", lexicon),
            lead=_group(entry["lead"], f"{where}.lead", lexicon) if "lead" in entry else None,
            bare=bool(entry.get("bare", False)),
        )


def _measures(data: Sequence[Data], lexicon: Lexicon) -> Iterator[Measure]:
    for position, entry in enumerate(data):
        where = f"measures[{position}]"
        yield Measure(
            key=str(entry["key"]),
            level=_level(entry["level"], f"{where}.level"),
            words=_group(entry["words"], f"{where}.words", lexicon),
            at_least=float(entry["at_least"]),
            below=float(entry["below"]),
        )


def _combos(data: Sequence[Data], rules: Mapping[str, Rule]) -> Iterator[Combo]:
    for position, entry in enumerate(data):
        where = f"combos[{position}]"
        keys = frozenset(_words(entry["all"], f"{where}.all"))
        if not keys <= set(rules):
            raise RuleError(f"{where}.all", f"no rule called {sorted(keys - set(rules))[0]!r}")
        at_least = int(entry.get("at_least", len(keys)))
        yield Combo(str(entry["key"]), _level(entry["level"], f"{where}.level"), keys, at_least)


def _likenesses(data: Sequence[Data]) -> Iterator[Likeness]:
    for position, entry in enumerate(data):
        where = f"likenesses[{position}]"
        try:
            weights = unpacked(str(entry["weights"]))
        except ValueError as wrong:
            raise RuleError(f"{where}.weights", f"expected bytes in base64 ({wrong})") from wrong
        yield Likeness(
            key=str(entry["key"]),
            level=_level(entry["level"], f"{where}.level"),
            line=float(entry["line"]),
            bias=float(entry["bias"]),
            scale=float(entry["scale"]),
            weights=weights,
            hinted_line=float(entry.get("hinted_line", entry["line"])),
            hints=frozenset(_words(entry.get("hints", []), f"{where}.hints")),
            numbers=bool(entry.get("numbers", True)),
        )


def _scope(data: Data, lexicon: Lexicon) -> Scope:
    return Scope(**{name: _group(data[name], f"scope.{name}", lexicon) for name in Scope.__slots__})


def _spelling(data: Data, lexicon: Lexicon, numbers: frozenset[str]) -> Spelling:
    respell = {
        fold(wrong): fold(right)
        for language, words in mapping(data["words"], "spelling.words").items()
        for right, variants in mapping(words, f"spelling.words.{language}").items()
        for wrong in _words(variants, f"spelling.words.{language}.{right}")
    }
    known = Vocabulary(lexicon, numbers)
    keep = _folded(data["keep"], "spelling.keep")
    targets = [fold(word) for word in _words(data["close_to"], "spelling.close_to")]
    return Spelling(
        known=known,
        respell=respell,
        keep=keep,
        targets=targets,
        endings=_endings(data.get("endings", {})),
        whole=known.whole(),
        apart=_folded(data.get("apart", []), "spelling.apart"),
        tiny=_folded(data.get("tiny", []), "spelling.tiny"),
    )


def _endings(data: object) -> list[tuple[str, str]]:
    """Endings and what stands in their place, the longest first: it says the most."""
    pairs = [
        (fold(ending), fold(instead))
        for language, endings in mapping(data, "spelling.endings").items()
        for ending, choices in mapping(endings, f"spelling.endings.{language}").items()
        for instead in choices
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


class Vocabulary:
    """Every word that the rules know."""

    def __init__(self, lexicon: Lexicon, extra: frozenset[str]) -> None:
        self._lexicon = lexicon
        self._extra = extra | lexicon.phrase_words()

    def __contains__(self, word: object) -> bool:
        return word in self._extra or word in self._lexicon

    def whole(self) -> frozenset[str]:
        """Every known word that is written out: no stems."""
        return self._extra | set(self._lexicon.vocabulary)
