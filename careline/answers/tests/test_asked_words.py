"""What is kept of a question is words of the content; nobody can be found by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.answers.asked_words import HIDDEN, MOST_WORDS, Vocabulary, stripped

TEXTS = (
    "How is nivolumab given?",
    "The team can tell you about a rash. Rose Miller from Dallas reviewed this on May 3.",
    "¿Qué efectos secundarios tiene? Llame a su médico.",
    "My name is on it. I live in my house. Mi nombre, vivo en casa.",
)
KNOWN = Vocabulary.of(TEXTS, ["nivolumab", "Opdivo", "PD-L1", "Opdivo Qvantig"])


def kept(text: str, language: str = "en") -> str:
    return stripped(text, language, KNOWN)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Does John Smith get nivolumab", f"does {HIDDEN} get nivolumab"),
        ("my name is rash and I get a rash", f"my name is {HIDDEN} and i get a rash"),
        ("rose miller from dallas has a rash", f"{HIDDEN} from {HIDDEN} has a rash"),
        ("a rash since May 3", f"a rash since {HIDDEN}"),
        ("is a rash serious? Dial 555-123-4567", f"is a rash {HIDDEN}"),
        ("rash, mail a.b@example.org or www.team.org/rash", f"rash {HIDDEN} or {HIDDEN}"),
        ("five five five rash", f"{HIDDEN} rash"),
        ("I live in rash team, nivolumab", f"i live in {HIDDEN} nivolumab"),
        ("mi nombre es luz y tengo efectos", f"mi nombre es {HIDDEN} y tengo efectos"),
        ("told by Team about the rash", f"told by {HIDDEN} about the rash"),
        ("rash MRN 00123 DOB 3/4/1950", f"rash {HIDDEN}"),
        ("<b onclick=rash>rash</b>", "rash"),
    ],
)
def test_what_leads_to_a_person_is_left_out(text: str, left: str) -> None:
    language = "es" if "nombre" in text else "en"
    assert kept(text, language) == left.replace("told", HIDDEN)


@pytest.mark.parametrize("text", ["", "…", "Hope Green, Pine Hill", "is it the one", "123", "\x00"])
def test_nothing_is_kept_that_says_nothing(text: str) -> None:
    assert kept(text) == ""


def test_the_subject_is_kept_in_the_contents_own_spelling() -> None:
    assert kept("How is NIVOLUMAB given???") == "how is nivolumab given"
    assert kept("whats pdl1 and Opdivo") == "whats PD-L1 and opdivo"
    assert kept("any rashes from nivolumabb") == "any rash from nivolumab"
    assert kept("QUE EFECTOS SECUNDARIOS TIENE", "es") == "que efectos secundarios tiene"
    assert kept("WHAT IS A RASH") == "what is a rash"


def test_a_long_message_is_cut() -> None:
    assert len(kept("rash team " * 5000).split()) <= MOST_WORDS + 1


@given(st.text(), st.sampled_from(["en", "es", "xx"]))
def test_each_word_that_is_kept_is_one_of_the_vocabulary(text: str, language: str) -> None:
    allowed = {HIDDEN, *KNOWN.spellings.values(), *KNOWN.numbered.values()}
    words = kept(text, language)
    for name in KNOWN.numbered.values():
        words = words.replace(name, "")
    assert set(words.split()) <= allowed
