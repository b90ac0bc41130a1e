"""The first held-out questions, long spent: what was once answered right stays right."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from ruamel.yaml import YAML

from careline.answers import ask
from careline.content.actions.packs import load_pack

DATA = Path(__file__).parent / "data"


def judged(case: dict[str, Any]) -> str:
    """Return right, wrong, refused (rightly) or missed."""
    answer = ask(case["question"], language=case["language"])
    if "refuse" in case:
        return "wrong" if answer.answered else "refused"
    if not answer.answered:
        return "missed"
    said = all(re.search(pattern, answer.text, re.IGNORECASE) for pattern in case["says"])
    return "right" if said else "wrong"


@pytest.fixture(params=["liver-immunotherapy", "liver-immunotherapy tobacco"])
def outcomes(db: None, request: pytest.FixtureRequest) -> Counter[str]:
    for pack in request.param.split():
        load_pack(Path(settings.PACKS_DIR) / pack)
    files = sorted(DATA.glob("held_out*.yaml"))
    cases = [case for file in files for case in YAML(typ="safe").load(file)["questions"]]
    return Counter(judged(case) for case in cases)


def test_known_questions_are_answered_right_or_not_at_all(outcomes: Counter[str]) -> None:
    total = sum(outcomes.values())
    assert outcomes["wrong"] <= 0.02 * total
    assert outcomes["right"] >= 0.95 * (outcomes["right"] + outcomes["missed"])
