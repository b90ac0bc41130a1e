"""Side effects by the part of the body in which they are felt, the gravest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from careline import safety
from careline.content.enums import BodyPart, EventLevel, Tier
from careline.content.models import AdverseEvent
from careline.content.placeholders import fill
from careline.content.presentation import ShownSentence
from careline.safety import Action, Level
from careline.site.explore.quoting import Quotes, quotes

PAGE = "side-effects"
_NEEDED = f"{PAGE}#report"
_INTRODUCTION = (_NEEDED, f"{PAGE}#after")
_GRAVEST_FIRST = (EventLevel.EMERGENCY, EventLevel.URGENT, EventLevel.REPORT)


@dataclass(frozen=True)
class Effect:
    """One side effect in the reader's language."""

    key: str
    name: str
    tier: str
    what_to_do: str
    citations: list[int]


@dataclass(frozen=True)
class Card:
    """The side effects of one part that call for the same haste, and what to press."""

    level: str
    label: str
    effects: list[Effect]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Part:
    """A part of the body with its cards. `number` marks it in the figure."""

    number: int
    key: str
    name: str
    cards: list[Card]


@dataclass(frozen=True)
class Body:
    """All parts that have a side effect, from the head downwards."""

    parts: list[Part]
    introduction: list[ShownSentence]


def body(language: str) -> tuple[Body, Quotes] | None:
    """Return the side effects by body part; None where the page on them isn't approved."""
    told = quotes(language, [PAGE])
    if not told.has(_NEEDED):
        return None
    introduction = told.show(*_INTRODUCTION)
    events = list(AdverseEvent.objects.exclude(body_part="").prefetch_related("sources"))
    by_part = {
        part: [event for event in events if event.body_part == part.value] for part in BodyPart
    }
    there = [(part, found) for part, found in by_part.items() if found]
    parts = [
        Part(number, part.value, str(part.label), list(_cards(found, language, told)))
        for number, (part, found) in enumerate(there, start=1)
    ]
    return Body(parts, introduction), told


def _cards(events: Iterable[AdverseEvent], language: str, told: Quotes) -> Iterable[Card]:
    found = list(events)
    for level in _GRAVEST_FIRST:
        effects = [_effect(each, language, told) for each in found if each.level == level.value]
        if effects:
            yield Card(level.value, str(level.label), effects, _actions(level, language))


def _effect(event: AdverseEvent, language: str, told: Quotes) -> Effect:
    # A common one needs no word on when; the others tell themselves apart by it.
    tier = "" if event.tier == Tier.COMMON.value else str(Tier(event.tier).label)
    return Effect(
        key=event.pk,
        name=event.name_in(language),
        tier=tier,
        what_to_do=fill(event.what_to_do_in(language)),
        citations=told.cite(event.sources.all()),
    )


def _actions(level: EventLevel, language: str) -> tuple[Action, ...]:
    card = safety.care_card(Level(level.value), language)
    return card.actions if card else ()
