import datetime as dt

import pytest

from careline.answers.replies import Answer, CitedSentence, SourceLine
from careline.answers.templatetags.citations import numbered
from careline.safety import Assessment, Level

# Words are explained in answers too: the glossary is asked for.
pytestmark = pytest.mark.django_db


def _sentence(number: int, page: str, *sources: str) -> CitedSentence:
    lines = tuple(SourceLine(key, key, "Publisher", "", None, "") for key in sources)
    day = dt.date(2026, 11, 3)
    return CitedSentence(f"s-{number}", "Text.", page, f"/{page}/#s-{number}", 1, day, "R", lines)


def _answer(*sentences: CitedSentence) -> Answer:
    calm = Assessment(Level.NONE, (), "en", "1")
    return Answer("?", "en", calm, None, bool(sentences), sentences, None, (), (), 1.0)


def test_an_answer_without_sentences_has_no_references() -> None:
    assert numbered(_answer()).references == ()


def test_other_sources_are_another_reference_even_on_the_same_page() -> None:
    shown = numbered(_answer(_sentence(1, "a", "acs"), _sentence(2, "a", "acs", "pdq")))

    assert [each.number for each in shown.sentences] == [1, 2]


def test_the_same_citation_is_named_once_and_leads_to_its_first_sentence() -> None:
    shown = numbered(
        _answer(_sentence(1, "a", "acs"), _sentence(2, "b", "acs"), _sentence(3, "a", "acs"))
    )

    assert [each.number for each in shown.sentences] == [1, 2, 1]
    assert [each.url for each in shown.references] == ["/a/#s-1", "/b/#s-2"]
