"""The fields that a safety pack may have beside those of a rule, which the compiler checks.

An unknown one is refused: a misspelt "temperature" that was silently left out would
change who is warned.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from careline.content.packs.validators import Finding

_TOP: Mapping[str, frozenset[str]] = {
    "rules": frozenset(
        [
            "format",
            "version",
            "demonstration",
            "languages",
            "numbers",
            "spelling",
            "groups",
            "scope",
            "temperature",
            "measures",
            "counts",
            "cues",
            "combos",
            "likenesses",
            "rules",
        ]
    ),
    "cards": frozenset(["format", "version", "demonstration", "unsigned", "cards"]),
    "cases": frozenset(["cases"]),
}
# The entries of the lists, by file and list.
_ENTRIES: Mapping[tuple[str, str], frozenset[str]] = {
    ("rules", "combos"): frozenset(["key", "level", "all", "at_least"]),
    ("rules", "counts"): frozenset(
        [
            "key",
            "level",
            "few_level",
            "units",
            "at_least",
            "context",
            "unless",
            "blocked",
            "lead",
            "bare",
        ]
    ),
    ("rules", "measures"): frozenset(["key", "level", "words", "at_least", "below"]),
    ("rules", "likenesses"): frozenset(
        [
            *("key", "level", "label", "line", "hinted_line", "hints", "numbers"),
            *("bias", "scale", "weights"),
        ]
    ),
    ("cases", "cases"): frozenset(["text", "language", "level", "note"]),
}
_CARD = frozenset(["title", "lines", "actions"])


def unknown_fields(pack: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for each field that nothing would read."""
    for file, known in _TOP.items():
        yield from _unknown(file, (), pack.get(file), known)
    for (file, name), known in _ENTRIES.items():
        for index, entry in enumerate(_list(pack.get(file), name)):
            yield from _unknown(file, (name, index), entry, known)
    yield from _unknown_in_cards(_map(pack.get("cards")).get("cards"))


def _unknown_in_cards(cards: object) -> Iterator[Finding]:
    for level, languages in _map(cards).items():
        for language, card in _map(languages).items():
            yield from _unknown("cards", ("cards", level, language), card, _CARD)


def _unknown(
    file: str, path: tuple[int | str, ...], part: object, known: frozenset[str]
) -> Iterator[Finding]:
    for name in _map(part):
        if name not in known:
            expected = ", ".join(sorted(known))
            message = f"unknown field {name!r}; expected one of: {expected}"
            yield Finding(file, (*path, str(name)), message)


def _map(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(file: object, name: str) -> list[Any]:
    value = _map(file).get(name)
    return value if isinstance(value, list) else []
