"""A visitor's words with the ones that raised a red flag set apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from careline.contacts.enums import EventKind
from careline.contacts.models import ContactEvent
from careline.desk.why import rule_name


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `raised` says that a safety rule was triggered by it."""

    text: str
    raised: bool = False


def pieces(text: str, spans: Iterable[Sequence[int]]) -> list[Piece]:
    """Cut the text at the spans, in order. The pieces together are the text again.

    Spans may overlap, touch or reach past the end.
    """
    result: list[Piece] = []
    position = 0
    for start, end in _merged(spans, len(text)):
        if start > position:
            result.append(Piece(text[position:start]))
        result.append(Piece(text[start:end], raised=True))
        position = end
    if position < len(text):
        result.append(Piece(text[position:]))
    return result


def _merged(spans: Iterable[Sequence[int]], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted((span[0], span[1]) for span in spans):
        start, end = max(first, 0), min(last, length)
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@dataclass(frozen=True)
class Flag:
    """A red flag: its level and the words that triggered it, in the order of the text.

    `several`: two or more urgent signs stand together in the message.
    """

    of: int
    level: str
    words: tuple[str, ...]
    several: bool = False
    reasons: tuple["Reason", ...] = ()


@dataclass(frozen=True)
class Reason:
    """One danger rule that fired, by its name, and the words that triggered it."""

    rule: str
    words: str


def flags_in(events: Sequence[ContactEvent]) -> list[Flag]:
    """Return the red flags of a log, the latest first."""
    texts = {event.seq: str(event.body.get("text", "")) for event in events}
    raised = [event for event in events if event.kind == EventKind.FLAG]
    return [_flag(event, texts.get(int(event.body["of"]), "")) for event in reversed(raised)]


def _flag(event: ContactEvent, text: str) -> Flag:
    words = tuple(piece.text for piece in pieces(text, event.body["spans"]) if piece.raised)
    return Flag(
        of=int(event.body["of"]),
        level=str(event.body["level"]),
        words=words,
        several=bool(event.body.get("several")),
        reasons=tuple(_reasons(event.body, text)),
    )


def _reasons(flag: dict[str, Any], text: str) -> Iterator[Reason]:
    """Tell each rule once, with every stretch of the text that triggered it."""
    found: dict[str, list[str]] = {}
    for rule, (start, end) in zip(flag.get("rules", ()), flag["spans"], strict=False):
        words = found.setdefault(str(rule), [])
        if text[start:end] not in words:
            words.append(text[start:end])
    version = str(flag.get("rules_version", ""))
    for rule, stretches in found.items():
        yield Reason(rule_name(rule, version), " … ".join(stretches))
