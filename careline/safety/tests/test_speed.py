"""Judging stays fast, however long or odd the text.

Processor time is measured, not the clock on the wall, and bounds leave room for a slow machine;
the speed meant (99 of 100 messages of 500 characters under 3 ms) is measured by the bench.
"""

import random
import time
from typing import Any

import pytest

from careline.safety.engine.judge import judge
from careline.safety.engine.rules import RuleSet

LONG = 20_000
SLOWEST_LONG_SECONDS = 2.0
P99_SECONDS = 0.012

ODD = [
    "x",
    "a ",
    "chest ",
    "chest pain ",
    "no chest pain, ",
    "no chest pain. ",
    "can it cause chest pain or seizures? ",
    "two years ago I had chest pain, ",
    "chest pain or ",
    "no no no ",
    "101.5 ",
    "one hundred and ",
    "!?.,\n",
    "\x00",
    "😭",
    "((((",
    "fever gone ",
    "i want to kill myself ",
]


def seconds(rules: RuleSet, text: str) -> float:
    """Processor time to judge one text."""
    start = time.process_time()
    judge(rules, text)
    return time.process_time() - start


@pytest.mark.parametrize("piece", ODD)
def test_twenty_thousand_characters_are_bounded(rules: RuleSet, piece: str) -> None:
    assert seconds(rules, (piece * LONG)[:LONG]) < SLOWEST_LONG_SECONDS


@pytest.mark.parametrize("piece", ODD)
def test_time_grows_in_step_with_length(rules: RuleSet, piece: str) -> None:
    short = min(seconds(rules, (piece * LONG)[: LONG // 4]) for _ in range(2))
    whole = min(seconds(rules, (piece * LONG)[:LONG]) for _ in range(2))
    assert whole < 12 * short + 0.05


def test_messages_of_five_hundred_characters_are_quick(rules: RuleSet, case_data: Any) -> None:
    chance = random.Random(1)  # noqa: S311 (the same messages in every run)
    texts = [case["text"] for case in case_data["cases"]]
    messages = [". ".join(chance.sample(texts, 20))[:500] for _ in range(200)]
    took = sorted(seconds(rules, message) for message in messages)
    assert took[197] < P99_SECONDS
