"""What doctor says of danger in each language."""

from typing import Any

import pytest

from careline.core.doctor import Verdict
from careline.safety.doctor_checks import danger_in_each_language

pytestmark = pytest.mark.django_db


def test_a_language_without_rules_is_wrong(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("pt", "Português")]

    finding = danger_in_each_language()

    assert finding.verdict is Verdict.WRONG
    assert "Português" in finding.words


def test_every_language_that_is_shipped_has_rules() -> None:
    assert danger_in_each_language().verdict is Verdict.OK
