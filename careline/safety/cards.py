"""The words of the care cards, read from reviewed data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from careline.safety.engine.compile import FORMAT, RuleError, mapping
from careline.safety.levels import Action, CareCard, Level

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_KINDS = ("tel", "sms")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The telephone numbers that cards name."""

    emergency: str
    crisis: str
    phone: str


_NAMES = tuple(Numbers.__slots__)


@dataclass(frozen=True, slots=True)
class ActionWords:
    """An action before its number is known: ``kind`` tel or sms, ``to`` a field of Numbers."""

    label: str
    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """A card before its numbers are known."""

    title: str
    lines: tuple[str, ...]
    actions: tuple[ActionWords, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards; ``unsigned`` is the closing line while no clinician has signed the rules."""

    words: Mapping[tuple[Level, str], CardWords]
    unsigned: Mapping[str, str]

    def card(self, level: Level, languages: Iterable[str], numbers: Numbers) -> CareCard | None:
        """The card in the first of these languages that has one; None when none has."""
        for language in languages:
            words = self.words.get((level, language))
            if words is not None:
                return self._filled(level, language, words, numbers)
        return None

    def _filled(self, level: Level, language: str, words: CardWords, numbers: Numbers) -> CareCard:
        lines = [*words.lines, *filter(None, [self.unsigned.get(language)])]
        return CareCard(
            level=level,
            language=language,
            title=_fill(words.title, numbers),
            lines=tuple(_fill(line, numbers) for line in lines),
            actions=tuple(_action(action, numbers) for action in words.actions),
        )


def _fill(text: str, numbers: Numbers) -> str:
    return _PLACEHOLDER.sub(lambda found: asdict(numbers)[found.group(1)], text)


def _action(words: ActionWords, numbers: Numbers) -> Action:
    number = re.sub(r"[^\d+*#]", "", asdict(numbers)[words.to])
    return Action(_fill(words.label, numbers), f"{words.kind}:{number}")


def compile_cards(data: object, *, demonstration: bool) -> Cards:
    """Read the contents of cards.yaml; raises RuleError that names the place."""
    top = mapping(data, "cards file")
    if top.get("format") != FORMAT:
        raise RuleError("format", f"expected {FORMAT}, found {top.get('format')!r}")
    words: dict[tuple[Level, str], CardWords] = {
        (level, language): _card(entry, f"cards.{level}.{language}")
        for level in Level
        if level is not Level.NONE
        for language, entry in mapping(_get(top, "cards", level.value), f"cards.{level}").items()
    }
    unsigned = {code: _text(line, "unsigned") for code, line in _unsigned(top).items()}
    _check_languages(words)
    return Cards(words, unsigned if demonstration else {})


def _unsigned(top: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(top.get("unsigned"), "unsigned")


def _get(top: Mapping[str, Any], group: str, name: str) -> object:
    return mapping(top.get(group), group).get(name)


def _check_languages(words: Mapping[tuple[Level, str], CardWords]) -> None:
    languages = {language for _, language in words}
    for level in Level:
        for language in sorted(languages):
            if level is not Level.NONE and (level, language) not in words:
                raise RuleError(f"cards.{level}", f"there is no card in '{language}'")


def _card(entry: object, where: str) -> CardWords:
    card = mapping(entry, where)
    return CardWords(
        title=_text(card.get("title"), f"{where}.title"),
        lines=tuple(
            _text(line, f"{where}.lines[{number}]")
            for number, line in enumerate(_list(card.get("lines"), f"{where}.lines"))
        ),
        actions=tuple(
            _action_words(action, f"{where}.actions[{number}]")
            for number, action in enumerate(_list(card.get("actions"), f"{where}.actions"))
        ),
    )


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise RuleError(where, "expected a list with at least one entry")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RuleError(where, f"expected a sentence, found {value!r}")
    for name in _PLACEHOLDER.findall(value):
        _one_of(name, _NAMES, where)
    return value


def _action_words(entry: object, where: str) -> ActionWords:
    action = mapping(entry, where)
    return ActionWords(
        label=_text(action.get("label"), f"{where}.label"),
        kind=_one_of(action.get("kind"), _KINDS, f"{where}.kind"),
        to=_one_of(action.get("to"), _NAMES, f"{where}.to"),
    )


def _one_of(value: object, allowed: tuple[str, ...], where: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise RuleError(where, f"expected one of {', '.join(allowed)}, found {value!r}")
    return value
