"""The words of the packs that come with Careline: what a checker of formats can't see."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from careline.content.packs import Problem
from careline.content.packs.markdown import PageText
from careline.content.packs.read import PackText, read_pack
from careline.content.readability import mask_of

FOLDERS = sorted(path.parent for path in Path(__file__).parents[3].glob("packs/*/pages/"))
# Begins with a word for something said before: shown alone, nobody would know for what.
_LEANS_ON_WHAT_CAME_BEFORE = {
    "en": re.compile(
        r"^(They|It|These|Those|This|That|He|She)\b(?! (guide|who|is never|helps to|can take)\b)"
    ),
    "es": re.compile(r"^(Ellos|Ellas|Estos|Estas|Esos|Esas|Eso|Esto|Él|Ella)\b"),
}
_FAMILIAR = re.compile(r"\b(tú|tus?|te|ti|contigo|vosotros|puedes|tienes|quieres)\b")
_DOSE = re.compile(r"\b\d+([.,]\d+)?\s?(mg|mcg|ml|milligrams?|miligramos?)\b", re.IGNORECASE)


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def pack(request: pytest.FixtureRequest) -> PackText:
    problems: list[Problem] = []
    found = read_pack(request.param, problems)
    assert found is not None
    assert problems == []
    return found


def said(pack: PackText) -> Iterator[tuple[PageText, str]]:
    for page in pack.pages:
        for sentence in page.sentences:
            yield page, sentence.text


def test_no_sentence_leans_on_what_came_before(pack: PackText) -> None:
    rules = _LEANS_ON_WHAT_CAME_BEFORE
    leaning = [text for page, text in said(pack) if rules[page.language].search(text)]
    assert leaning == []


def test_no_page_gives_a_dose(pack: PackText) -> None:
    assert [text for _page, text in said(pack) if _DOSE.search(text)] == []


def test_spanish_says_usted(pack: PackText) -> None:
    spanish = [text for page, text in said(pack) if page.language == "es"]
    assert [text for text in spanish if _FAMILIAR.search(text)] == []


def test_spanish_does_not_leave_open_whether_alone_or_only(pack: PackText) -> None:
    """A medicine "se usa solo": without another, or only for this? Patients need to know."""
    names = mask_of([drug.generic for drug in pack.entries("drugs")])
    unclear = re.compile(
        r"(?:^|\W)\ue000(?: \w+){0,3} sol[oa]\b(?! vez)|\bse usa solo\b|\bsigue solo\b"
    )
    texts = [text for page, text in said(pack) if page.language == "es"]
    for conflict in pack.entries("conflicts"):
        texts += [conflict.subject["es"], *(conflict.note or {}).get("es", [])]
        texts += [statement.text["es"] for statement in conflict.statements]
    assert [
        text for text in texts if unclear.search(names.sub("\ue000", text) if names else text)
    ] == []


def test_each_source_of_a_page_was_read_or_says_that_it_was_not(pack: PackText) -> None:
    """A sentence rests on a source with a title and a publisher; a date is given, never made up."""
    sources = {source.key: source for source in pack.entries("sources")}
    cited = {key for page in pack.pages for each in page.sentences for key in each.sources}
    assert [key for key in sorted(cited) if not sources[key].published] == []


def test_every_answer_can_be_asked_for_in_every_language(pack: PackText) -> None:
    few = [
        (answer.key, language)
        for answer in pack.entries("answers")
        for language in pack.header.languages
        if len(set(answer.variants[language])) < 3
    ]
    assert few == []


def test_no_question_belongs_to_two_answers() -> None:
    owners: dict[tuple[str, str], set[str]] = {}
    for folder in FOLDERS:
        found = read_pack(folder, [])
        assert found is not None
        for answer in found.entries("answers"):
            for language, texts in answer.variants.items():
                for text in texts:
                    owners.setdefault((language, text.casefold()), set()).add(answer.key)
    assert {text: keys for (_, text), keys in owners.items() if len(keys) > 1} == {}
