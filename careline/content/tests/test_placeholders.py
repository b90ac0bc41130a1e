"""The service's numbers in reviewed sentences."""

from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from careline.content.placeholders import fill, unknown_in


def test_unknown_placeholders_stay_and_are_reported() -> None:
    assert fill("Call {{fax}}.") == "Call {{fax}}."
    assert unknown_in("Call {{fax}} or {{phone}}.") == ["fax"]


def test_numbers_are_filled_from_the_settings(settings: Settings) -> None:
    settings.HELPLINE_PHONE = "1-800-555-0199"
    settings.EMERGENCY_NUMBER = "112"
    settings.CRISIS_NUMBER = "116 123"
    filled = fill("{{phone}} {{ emergency }} {{crisis}}")
    assert filled == "1-800-555-0199 112 116 123"


@given(st.text())
def test_any_other_text_is_left_alone(text: str) -> None:
    if "{{" not in text:
        assert fill(text) == text
