"""Words typed without spaces, other endings, the edges of a clause, hints, and the net."""

import copy
import dataclasses
from typing import Any

import pytest

from careline.safety.engine.compile import RuleError, compile_rules
from careline.safety.engine.judge import judge
from careline.safety.engine.learning import learn
from careline.safety.engine.likeness import Likeness, pieces
from careline.safety.engine.rules import RuleSet
from careline.safety.engine.text import read
from careline.safety.levels import Level


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("icantbreathe", ["i", "cant", "breathe"]),
        ("mequieromorir", ["me", "quiero", "morir"]),
        ("hinchaditos", ["hinchados"]),
        ("respirarrr", ["respirar"]),
        ("heartbreaking", ["heartbreaking"]),
        ("television", ["television"]),
    ],
)
def test_a_word_is_read_as_it_was_meant(rules: RuleSet, typed: str, meant: list[str]) -> None:
    assert rules.spelling.put_right(read(typed)).words == meant


def test_the_parts_of_a_glued_word_share_its_place_in_the_text(rules: RuleSet) -> None:
    [sign, *_] = judge(rules, "help, icantbreathe").signs
    assert (sign.level, sign.matched) == (Level.EMERGENCY, "icantbreathe")


@pytest.mark.parametrize(
    "typed",
    [
        "icantbreatheandmychesthurtspleasehelpmenow",
        "icantbreatheandmychesthurts",
        "nopuedorespirarymeduelemuchoelpechoayudenmeporfavor",
    ],
)
def test_a_text_without_any_space_is_heard_by_its_beginning(rules: RuleSet, typed: str) -> None:
    assert judge(rules, typed).level is Level.EMERGENCY
    assert judge(rules, "thermochromatographically").level is Level.NONE


def test_an_edge_keeps_a_pattern_to_what_stands_alone(rules: RuleSet) -> None:
    assert judge(rules, "I want out").level is Level.CRISIS
    assert judge(rules, "I want out of this email list").level is Level.NONE


def test_two_hints_add_up_and_one_alone_is_silent(rules: RuleSet) -> None:
    one, other = "My brother gave his watch to our son.", "He has been very quiet lately."
    assert judge(rules, one).level is Level.NONE
    assert judge(rules, other).level is Level.NONE
    assert judge(rules, f"{one} {other}").level is Level.CRISIS


SENTENCES = [
    (["the", "stove", "glows"], True),
    (["a", "stove", "that", "glows", "red"], True),
    (["the", "dog", "sleeps"], False),
    (["the", "dog", "eats", "red", "meat"], False),
]


@pytest.fixture(scope="module")
def glowing() -> Likeness:
    """A likeness that learned from four sentences."""
    words, sides = zip(*SENTENCES, strict=True)
    learned = learn(words, sides, [1.0] * len(words))
    return Likeness("glow", Level.CRISIS, 0.0, learned.bias, learned.scale, learned.weights)


def test_a_sentence_near_to_those_of_a_level_scores_above_the_others(glowing: Likeness) -> None:
    assert glowing.score(["stove", "glows", "again"]) > 0 > glowing.score(["dog", "eats", "again"])


def test_the_net_adds_a_sign_only_where_the_rules_are_silent(
    rules: RuleSet, glowing: Likeness
) -> None:
    with_net = dataclasses.replace(rules, likenesses=(glowing,))
    found = judge(with_net, "Hello there. The stove glows!")
    assert [(sign.rule, sign.matched) for sign in found.signs] == [("glow", "The stove glows")]
    assert judge(with_net, "The stove glows, no chest pain").level is Level.NONE
    assert judge(with_net, "I can't breathe, the stove glows").level is Level.EMERGENCY


def test_a_long_sentence_is_judged_in_pieces_that_overlap() -> None:
    assert list(pieces(0, 2)) == []
    assert list(pieces(0, 24)) == [(0, 24)]
    assert list(pieces(0, 50)) == [(0, 24), (12, 36), (24, 48), (36, 50)]


def test_weights_that_are_no_bytes_are_refused_with_their_place(rule_data: Any) -> None:
    data = copy.copy(rule_data)
    data["likenesses"] = [{**rule_data["likenesses"][0], "weights": "§"}]
    with pytest.raises(RuleError, match=r"likenesses\[0\].weights"):
        compile_rules(data)
