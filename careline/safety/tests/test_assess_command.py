"""``careline assess``."""

import json

import pytest
from django.core.management import CommandError, call_command


def test_it_wants_a_text() -> None:
    with pytest.raises(CommandError):
        call_command("assess")


def test_it_prints_the_level_and_the_signs(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("assess", "my dad passed out")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("emergency (rules ")
    assert second == '  emergency: fainted: "passed out" (7-17)'


def test_it_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("assess", "hola", "--lang", "es", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert (printed["level"], printed["language"], printed["signs"]) == ("none", "es", [])
