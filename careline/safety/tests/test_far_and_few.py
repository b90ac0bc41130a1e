"""Nobody's signs, somebody far off, and how often against how often it used to be."""

import pytest

from careline.safety.engine.judge import judge
from careline.safety.engine.likeness import Likeness
from careline.safety.engine.rules import RuleSet
from careline.safety.levels import Level


@pytest.mark.parametrize(
    "text",
    [
        "Nobody on my floor has a fever.",
        "None of the neighbors is throwing up.",
        "Nadie en la oficina tiene tos.",
        "My coworker's cousin had a seizure on another drug.",
        "At what temperature should we phone you?",
        "We bleed maroon in this house.",
        "I go once a day, now I take 6 pills in the morning.",
        "usually once a day, now 2",
        "I went to the bathroom dos o tres veces",
    ],
)
def test_what_is_nobodys_or_far_off_or_few_raises_no_alarm(rules: RuleSet, text: str) -> None:
    assert judge(rules, text).level.rank < Level.URGENT.rank


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Nobody believes me, I have chest pain.", Level.EMERGENCY),
        ("Nobody at the clinic noticed that he has a fever of 102.", Level.URGENT),
        ("Nadie me cree que tengo dolor en el pecho.", Level.EMERGENCY),
        ("My friend's mom passed out!", Level.EMERGENCY),
        ("My coworker's cousin is having a seizure right now.", Level.EMERGENCY),
        ("At what temperature do I call? He is at 102.5", Level.URGENT),
        ("usually once a day, now 6", Level.URGENT),
        ("normalmente una vez al día, hoy ya van siete", Level.URGENT),
        ("he is at 102.5 should we call", Level.URGENT),
    ],
)
def test_what_only_looks_so_still_counts(rules: RuleSet, text: str, level: Level) -> None:
    assert judge(rules, text).level is level


def test_a_hint_lowers_the_line() -> None:
    likeness = Likeness(
        "k", Level.CRISIS, 0.5, 0.0, 1.0, bytes([128]), hinted_line=0.1, hints=frozenset(["hint"])
    )
    assert likeness.line_after({"other"}) == 0.5
    assert likeness.line_after({"other", "hint"}) == 0.1
