"""The small language of the rules."""

import pytest

from careline.safety.engine.lexicon import Lexicon
from careline.safety.engine.patterns import PatternError, parse_patterns
from careline.safety.engine.text import COMMA, read


def places(source: str, text: str, **groups: list[str]) -> list[str]:
    """What each match of the pattern covers in the text."""
    lexicon = Lexicon()
    for name, entries in groups.items():
        lexicon.name(name, entries)
    patterns = parse_patterns(source, lexicon)
    for pattern in patterns:
        lexicon.start_from(pattern.steps[0].group)
    reading = read(text)
    marked = lexicon.mark(reading.words, [pause < COMMA for pause in reading.pauses])
    return [
        " ".join(reading.words[start:end])
        for pattern in patterns
        for start, end in pattern.find(marked, reading.pauses)
    ]


def test_words_that_follow_each_other_match() -> None:
    assert places("chest pain", "my chest pain is back") == ["chest pain"]


def test_other_words_between_need_a_gap() -> None:
    assert places("chest pain", "chest really pain") == []
    assert places("chest ..1 pain", "chest really pain") == ["chest really pain"]


def test_a_gap_has_an_end() -> None:
    assert places("chest ..2 pain", "chest a b c pain") == []


def test_a_gap_ends_with_the_clause() -> None:
    assert places("chest ..2 pain", "my chest. The pain") == []
    assert places("chest ..2 pain", "my chest, the pain") == ["chest the pain"]


def test_alternatives_phrases_stems_and_groups_can_stand_together() -> None:
    source = "{body}|short_of breath|puk*"
    text = "neck breath and short of breath, left knee puking"
    found = places(source, text, body=["neck", "left knee"])
    assert found == ["neck breath", "short of breath", "left knee puking"]


def test_an_element_that_may_be_missing_leaves_its_gap_to_the_next() -> None:
    assert places("no ..2 my? appetite", "no real appetite") == ["no real appetite"]
    assert places("no ..2 my? appetite", "no longer my appetite") == ["no longer my appetite"] * 2


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("", "must begin"),
        ("..2 pain", "must begin"),
        ("chest ..2", "must begin"),
        ("my? chest", "must begin"),
        ("{nobody} pain", "no group called 'nobody'"),
        ("chest ..9 pain", "at most"),
        ("chest (pain|ache)", "neither words"),
        ("pa* x", "at least 3 letters"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_what_is_expected(source: str, complaint: str) -> None:
    with pytest.raises(PatternError, match=complaint):
        parse_patterns(source, Lexicon())
