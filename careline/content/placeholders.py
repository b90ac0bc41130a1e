"""The service's own numbers inside reviewed sentences.

A sentence holds ``{{phone}}``, ``{{emergency}}`` or ``{{crisis}}``; the number
itself is a setting of the deployment and is filled in when the sentence is
shown, so that a new number needs no new signature.
"""

import re

from django.conf import settings

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SETTING = {
    "phone": "HELPLINE_PHONE",
    "emergency": "EMERGENCY_NUMBER",
    "crisis": "CRISIS_NUMBER",
}
NAMES = frozenset(_SETTING)
_EMERGENCY = frozenset({"emergency", "crisis"})


def fill(text: str) -> str:
    """Return the text with the deployment's numbers; an unknown placeholder stays as it is."""
    return _PLACEHOLDER.sub(_value, text)


def unknown_in(text: str) -> list[str]:
    """Return the names of placeholders in the text that `fill` doesn't know, in order."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in NAMES]


def is_emergency(text: str) -> bool:
    """Return whether the text names a number for people in danger."""
    return not _EMERGENCY.isdisjoint(_PLACEHOLDER.findall(text))


def _value(match: re.Match[str]) -> str:
    name = match.group(1)
    return str(getattr(settings, _SETTING[name])) if name in _SETTING else match.group(0)
