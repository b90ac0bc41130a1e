"""The two questions that everybody asks of safety."""

import logging

from django.conf import settings

from careline.core.events import Event, log
from careline.safety import rules_source
from careline.safety.cards import Numbers
from careline.safety.engine.judge import judge
from careline.safety.levels import Assessment, CareCard, Level

NO_RULES = "none"


def assess(text: str, language: str | None = None) -> Assessment:
    """How urgent ``text`` is and why; ``language`` only labels the result.

    Never raises: when the engine or the rules fail, that is logged (without anybody's words) and
    the text counts as urgent under rules version "none", so that a person looks at it.
    """
    try:
        return judge(rules_source.current().rules, text, language)
    except Exception as error:
        log(Event.RULES_FELL_BACK, level=logging.ERROR, reason=type(error).__name__)
        return Assessment(Level.URGENT, (), language or _first_language(), NO_RULES)


def care_card(level: Level, language: str) -> CareCard | None:
    """What to show first for this level; None for ``Level.NONE``.

    A language without a card of its own gets the one of its base ("es-mx": "es"), else the first
    language of the settings. Never raises: None, too, when the cards can't be had at all.
    """
    numbers = Numbers(
        emergency=settings.EMERGENCY_NUMBER,
        crisis=settings.CRISIS_NUMBER,
        phone=settings.HELPLINE_PHONE,
    )
    languages = (language, language.partition("-")[0], _first_language())
    try:
        return rules_source.current().cards.card(level, languages, numbers)
    except Exception as error:
        log(Event.RULES_FELL_BACK, level=logging.ERROR, reason=type(error).__name__)
        return None


def _first_language() -> str:
    return str(settings.LANGUAGES[0][0])
