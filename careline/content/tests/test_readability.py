"""How hard a text is to read: the published formulas, what is counted, and the command."""

import json
from io import StringIO
from math import sqrt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st

from careline.accounts.models import Staff
from careline.content.models import ReviewedPage
from careline.content.readability import Counts, Reading, mask_of, reading
from careline.content.tests.conftest import signed_in
from careline.content.tests.packmaker import edit

HARD = "Immunotherapy medications occasionally precipitate considerable gastrointestinal toxicity."


def measured(*sentences: str, language: str = "en", names: tuple[str, ...] = ()) -> Reading:
    found = reading(sentences, language, mask_of(names))
    assert found is not None
    return found


def counts(*sentences: str, language: str = "en", names: tuple[str, ...] = ()) -> Counts:
    return measured(*sentences, language=language, names=names).counts


def scores(found: Reading) -> dict[str, float]:
    return {each.name: each.value for each in found.scores}


# --- What isn't measured ---


@pytest.mark.parametrize("texts", [[], [""], ["…", "--"]])
def test_without_a_word_there_is_nothing_to_measure(texts: list[str]) -> None:
    assert reading(texts, "en") is None


def test_a_language_without_a_formula_is_not_measured_by_anothers() -> None:
    assert reading(["La fièvre est un effet."], "fr") is None


def test_a_hard_text_does_not_pass() -> None:
    assert not measured(HARD).passes


# --- What is counted ---


def test_words_sentences_and_syllables_are_counted() -> None:
    found = counts("The cat sat.", "A fever can be a danger.")
    assert (found.sentences, found.words, found.syllables) == (2, 9, 11)
    assert found.polysyllables == 0


def test_long_words_are_counted_at_each_occurrence() -> None:
    found = counts("Medicine is medicine.", "The family is here.")
    assert found.long_words == {"medicine": 2, "family": 1}


def test_a_masked_name_is_a_word_of_two_syllables_however_long() -> None:
    names = ("atezolizumab", "PD-L1")
    found = counts("Atezolizumab blocks PD-L1.", names=names)
    assert (found.words, found.syllables, found.polysyllables) == (3, 5, 0)
    assert counts("Atezolizumab blocks PD-L1.").polysyllables == 2


def test_the_longer_of_two_names_is_masked_first() -> None:
    assert counts("Opdivo Qvantig helps.", names=("Opdivo", "Opdivo Qvantig")).words == 2


def test_a_name_inside_another_word_is_not_masked() -> None:
    assert mask_of(["nivo"]) is not None
    assert counts("Nivolumab helps.", names=("nivo",)).polysyllables == 1


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("follow-up", 3),
        ("1-800-555-0100", 1),
        ("{{phone}}", 1),
        ("3-day", 2),
        ("FDA", 3),
        ("every", 2),
        ("helplines", 2),
        ("sunrise-blended", 4),
        ("nurse’s", 2),
    ],
)
def test_special_words(word: str, syllables: int) -> None:
    found = counts(word)
    assert (found.words, found.syllables) == (1, syllables)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("inmunoterapia", 6), ("hígado", 3), ("día", 2), ("guía", 2), ("ala", 2), ("país", 2)],
)
def test_spanish_syllables(word: str, syllables: int) -> None:
    assert counts(word, language="es").syllables == syllables


# --- The formulas ---


def test_the_english_formulas_are_the_published_ones() -> None:
    found = measured("The medicine can harm the liver.", "Tell the doctor at once.")
    assert (found.counts.words, found.counts.syllables, found.counts.polysyllables) == (11, 15, 1)
    assert scores(found) == {
        "SMOG": pytest.approx(1.0430 * sqrt(1 * 30 / 2) + 3.1291),
        "Flesch-Kincaid": pytest.approx(0.39 * 11 / 2 + 11.8 * 15 / 11 - 15.59),
    }


def test_the_spanish_formulas_are_the_published_ones() -> None:
    found = measured("La fiebre es un efecto.", "Llame a su equipo hoy.", language="es")
    assert (found.counts.words, found.counts.syllables) == (10, 16)
    assert scores(found) == {
        "Fernández Huerta": pytest.approx(206.84 - 60 * 1.6 - 1.02 * 5),
        "INFLESZ": pytest.approx(206.835 - 62.3 * 1.6 - 5),
    }


def test_a_dialect_is_measured_as_its_language() -> None:
    assert reading(["Llame hoy."], "es-MX") == reading(["Llame hoy."], "es")


@example(["Yb"], "es")  # silabeador's own rules fail on it.
@given(st.lists(st.text(max_size=60), max_size=4), st.sampled_from(["en", "es"]))
def test_any_text_is_counted_without_an_error(texts: list[str], language: str) -> None:
    found = reading(texts, language, mask_of(["PD-1", ""]))
    if found is not None:
        assert 0 < found.counts.sentences <= len(texts)
        assert found.counts.syllables >= found.counts.words >= found.counts.polysyllables


# --- The command ---


def printed(*arguments: str) -> tuple[str, str]:
    """Run the command; return what it printed and the words with which it failed, if it did."""
    out, error = StringIO(), StringIO()
    try:
        call_command("readability", *arguments, stdout=out, stderr=error)
    except CommandError as failure:
        return out.getvalue() + error.getvalue(), str(failure)
    return out.getvalue(), ""


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "isn't a folder" in printed(str(tmp_path / "nowhere"))[1]


def test_a_pack_that_cannot_be_read_is_refused_with_its_mistakes(pack_folder: Path) -> None:
    edit(pack_folder, "drugs.yaml", "generic:", "genric:")
    text, failure = printed(str(pack_folder))
    assert "drugs.yaml:" in text
    assert "mend them first" in failure


def test_a_page_that_is_too_hard_fails(pack_folder: Path) -> None:
    edit(
        pack_folder, "pages/en/how-it-works.md", "Immunotherapy helps the body fight cancer.", HARD
    )
    text, failure = printed(str(pack_folder))
    assert failure == "1 page is harder to read than the limit."
    assert "too hard" in text


def test_a_folder_is_measured_without_being_loaded(pack_folder: Path) -> None:
    for page in ("en/how-it-works", "en/nivolumab", "es/how-it-works", "es/nivolumab"):
        edit(pack_folder, f"pages/{page}.md", "[^acs] {#what}", "[^acs] {#what}\nCall. [^acs]")
    text, _failure = printed(str(pack_folder), "--json")
    pages = [json.loads(line) for line in text.splitlines()]
    assert [(each["language"], each["page"]) for each in pages] == [
        ("en", "how-it-works"),
        ("en", "nivolumab"),
        ("es", "how-it-works"),
        ("es", "nivolumab"),
    ]
    # "Nivolumab blocks PD-1." and "Call.": both names masked, two syllables each.
    assert (pages[1]["words"], pages[1]["syllables"], pages[1]["long_words"]) == (4, 6, {})


def test_the_note_on_a_conflict_is_part_of_its_page(pack_folder: Path) -> None:
    text, _failure = printed(str(pack_folder), "--json")
    assert json.loads(text.splitlines()[0])["sentences"] == 4  # three of its own and the note


def test_without_a_folder_the_public_pages_are_measured(page: ReviewedPage) -> None:
    text, _failure = printed()
    assert "how-it-works" in text
    assert "nivolumab" in text
    ReviewedPage.objects.filter(key="nivolumab").update(live=False)
    assert "nivolumab" not in printed()[0]


# --- The editor's screen ---


def test_the_draft_is_measured_beside_its_text(page: ReviewedPage, editor: Staff) -> None:
    body = page.body.get_prep_value()
    body[1]["value"]["sentences"][0]["value"]["text"] = HARD
    page.body = page.body.stream_block.to_python(body)
    page.save_revision(user=editor)
    shown = signed_in(editor).get(f"/editor/pages/{page.pk}/edit/").content.decode()
    assert "Ease of reading" in shown
    assert "<strong>too hard</strong>" in shown
    assert "gastrointestinal 1" in shown
