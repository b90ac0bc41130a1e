"""What is typed is made safe to store and keeps its meaning."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.core.text import clean


@pytest.mark.parametrize("typed", ["", " \t\r\n ", "\x00\x07\x9f", "\ud800"])
def test_what_holds_no_words_is_empty(typed: str) -> None:
    assert clean(typed) == ""


def test_lines_and_accents_have_one_form() -> None:
    assert clean("cafe\x00\u0301") == "café"
    assert clean(" cafe\u0301\tau\r\nlait\rnow\x00 ") == "café au\nlait\nnow"


def test_of_all_characters_only_control_characters_and_half_ones_go() -> None:
    for code in range(sys.maxunicode + 1):
        gone = unicodedata.category(chr(code)) in ("Cc", "Cs")
        # A line's end is the one that means something; the others have become it, or a space.
        if chr(code) not in "\n\r\t":
            assert (clean(f"a{chr(code)}b") == "ab") == gone


@given(st.text(st.characters(codec=None)))
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)
