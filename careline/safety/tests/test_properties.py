"""What must hold for any text at all."""

import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.safety.engine.compile import compile_rules
from careline.safety.engine.judge import judge
from careline.safety.engine.rules import RuleSet
from careline.safety.levels import Level
from careline.safety.tests.conftest import read_pack_file

RULES: RuleSet = compile_rules(read_pack_file("rules.yaml"))
CASES: list[dict[str, Any]] = read_pack_file("cases.yaml")["cases"]
DANGER = [case["text"] for case in CASES if case["level"] in ("emergency", "crisis")]
HARMLESS = [
    "Hello.",
    "My name is Ana.",
    "We live in Ohio.",
    "Thank you for your help.",
    "The drug is given every three weeks.",
    "Buenos días.",
    "Vivimos en Texas.",
    "Gracias por todo.",
    "No fever.",
    "It is Tuesday.",
]
relaxed = settings(
    max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@relaxed
@given(st.text(max_size=400))
def test_no_text_breaks_the_engine(text: str) -> None:
    found = judge(RULES, text)
    assert found.level in Level
    assert all(0 <= sign.start < sign.end <= len(text) for sign in found.signs)


@relaxed
@given(st.lists(st.sampled_from(sorted(RULES.lexicon.phrase_words())), max_size=60))
def test_no_row_of_known_words_breaks_the_engine(words: list[str]) -> None:
    assert judge(RULES, " ".join(words)).level in Level


@relaxed
@given(
    st.sampled_from(DANGER),
    st.lists(st.sampled_from(HARMLESS), max_size=4),
    st.lists(st.sampled_from(HARMLESS), max_size=4),
)
def test_harmless_sentences_around_danger_never_hide_it(
    danger: str, before: list[str], after: list[str]
) -> None:
    alone = judge(RULES, danger)
    text = "\n\n".join([*before, danger, *after])
    assert judge(RULES, text).level.rank >= alone.level.rank


@relaxed
@given(st.sampled_from(CASES))
def test_case_of_letters_does_not_matter(case: dict[str, Any]) -> None:
    assert judge(RULES, case["text"].upper()).level == case["level"]
    assert judge(RULES, case["text"].lower()).level == case["level"]


@relaxed
@given(st.sampled_from(CASES))
def test_accents_do_not_matter(case: dict[str, Any]) -> None:
    apart = unicodedata.normalize("NFD", case["text"])
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    assert judge(RULES, apart).level == case["level"]
    assert judge(RULES, bare).level == case["level"]


@relaxed
@given(st.sampled_from(CASES), st.sampled_from(["\x00", "\u200b", "\u00ad"]), st.integers(0, 80))
def test_hidden_characters_change_nothing(case: dict[str, Any], hidden: str, place: int) -> None:
    text = case["text"]
    place = min(place, len(text))
    assert judge(RULES, text[:place] + hidden + text[place:]).level == case["level"]


@relaxed
@given(st.sampled_from(CASES))
def test_curly_quotes_change_nothing(case: dict[str, Any]) -> None:
    assert judge(RULES, case["text"].replace("'", "’")).level == case["level"]


@pytest.mark.parametrize("extra", ["😭", "🩸🩸", "!!!", "...", "\n\n", "  "])
def test_emoji_and_marks_after_danger_change_nothing(extra: str) -> None:
    for danger in DANGER:
        assert judge(RULES, danger + extra).level is judge(RULES, danger).level, danger
