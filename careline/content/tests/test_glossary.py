"""Words explained in place: by approved sentences alone, once a section, on their pack's pages."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.content import version
from careline.content.actions import withdraw
from careline.content.actions.packs import load_pack
from careline.content.glossary import Marker, marked_answer, terms
from careline.content.models import Approval, GlossaryTerm, ReviewedPage, Sentence
from careline.content.packs import PackRefused
from careline.content.packs.export.folder import export_pack
from careline.content.tests.conftest import page_named
from careline.content.tests.packmaker import edit

GLOSSARY = """\
- key: immunotherapy
  names:
    en:
    - immunotherapy
    - immune treatments
    es:
    - inmunoterapia
  sentences:
  - how-it-works#what
- key: fever
  names:
    en:
    - fever
    es:
    - fiebre
  sentences:
  - how-it-works#fever
"""
MORE = (
    "\n## Later {#later}\nA fever after immunotherapy or a Fever. [^acs]\nImmunotherapyx. [^acs]\n"
)
MARKED = re.compile(r'<button class="word"[^>]*popovertarget="([^"]+)">([^<]+)</button>')


@pytest.fixture
def glossary(pack_folder: Path) -> Path:
    """The pack with two words to explain, the second page using them in another section."""
    (pack_folder / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    path = pack_folder / "pages/en/nivolumab.md"
    path.write_text(path.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    edit(pack_folder, "pack.yaml", "languages: [en, es]", "languages: [en, es]\nin_progress: [es]")
    return pack_folder


@pytest.fixture
def explained(db: None, glossary: Path) -> Path:
    load_pack(glossary)
    return glossary


def marked(address: str = "/en/nivolumab/") -> list[str]:
    """The marked words of a page as they stand there."""
    return [word for _anchor, word in MARKED.findall(Client().get(address).content.decode())]


# --- Refused ---


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("how-it-works#fever", "how-it-works#nothing", "no sentence 'how-it-works#nothing'"),
        ("    - fever\n", "    - Immunotherapy\n", "'Immunotherapy' is a form of"),
        ("    es:\n    - fiebre\n", "    pt:\n    - febre\n", "words in 'pt'"),
        ("    en:\n    - fever\n", "    en: []\n", "at least"),
    ],
)
def test_a_wrong_glossary_is_refused_with_its_line(
    db: None, glossary: Path, old: str, new: str, says: str
) -> None:
    edit(glossary, "glossary.yaml", old, new)
    with pytest.raises(PackRefused) as refused:
        load_pack(glossary)
    (problem,) = refused.value.problems
    assert says in problem.message and problem.file == "glossary.yaml" and problem.line > 1


def test_a_word_whose_explanation_was_withdrawn_is_not_marked(
    explained: Path, editor: Staff
) -> None:
    assert marked() == ["fever", "immunotherapy"]
    withdraw(page_named("how-it-works"), acting_user=editor)
    assert marked() == []
    assert terms("en") == ()
    assert "No words are explained" in Client().get("/en/words/").content.decode()


def test_a_word_whose_explanation_is_past_its_review_is_not_marked(explained: Path) -> None:
    late = Approval.objects.filter(page__key="how-it-works")
    late.update(review_due="2020-01-01", reviewed_on="2019-01-01")
    version.bump()
    assert marked() == []


def test_half_an_explanation_explains_nothing(explained: Path) -> None:
    fever = GlossaryTerm.objects.get(key="fever")
    fever.sentences = ["how-it-works#fever", "how-it-works#gone"]
    fever.save()
    version.bump()
    assert [term.key for term in terms("en")] == ["immunotherapy"]


def test_a_language_without_words_borrows_none(explained: Path) -> None:
    GlossaryTerm.objects.filter(key="fever").update(names={"en": ["fever"]})
    version.bump()
    assert [term.name for term in terms("es")] == ["inmunoterapia"]


def test_another_packs_pages_are_left_alone(explained: Path) -> None:
    page = page_named("nivolumab")
    ReviewedPage.objects.filter(pk=page.pk).update(pack="other")
    assert marked() == []


def test_nothing_stands_before_the_emergency_number(explained: Path) -> None:
    edit(explained, "pages/en/nivolumab.md", "A fever after", "Call {{emergency}}: a fever after")
    load_pack(explained)
    assert marked() == []


# --- Marked ---


def test_the_first_time_in_a_section_and_never_in_its_own_explanation(explained: Path) -> None:
    assert marked() == ["fever", "immunotherapy"]
    assert marked("/en/how-it-works/") == []
    assert marked("/es/how-it-works/") == []


def test_any_form_is_marked_as_whole_words_and_the_text_stays_the_same(explained: Path) -> None:
    marker = Marker.of(page_named("nivolumab"))
    text = "Immune treatments, IMMUNOTHERAPY and immunotherapies; pre-immunotherapy."
    for _section in range(2):
        marker.begin_section()
        pieces = marker.pieces("s-1", text)
        assert "".join(piece.text for piece in pieces) == text
        assert [piece.text for piece in pieces if piece.term] == ["Immune treatments"]
    assert [piece.text for piece in marker.pieces("s-2", "A fever.") if piece.term] == ["fever"]


def test_its_explanation_is_the_approved_sentence_with_source_revision_and_date(
    explained: Path,
) -> None:
    text = Client().get("/en/nivolumab/").content.decode()
    sentence = Sentence.objects.approved().get(
        page_key="how-it-works", label="fever", language="en"
    )
    assert sentence.approval is not None
    ((anchor, _word), _other) = MARKED.findall(text)
    (explanation,) = re.findall(rf'<span class="explanation" id="{anchor}".*?Close', text, re.S)
    for part in (
        sentence.shown_text,
        "An institute: A summary",
        f"Revision {sentence.revision}",
        sentence.approval.signed_by,
        sentence.url,
        f"{reverse('site:words')}#fever",
    ):
        assert part in explanation
    assert text.count(f'id="{anchor}"') == 1


def test_all_words_stand_on_one_page_in_the_order_of_letters(explained: Path) -> None:
    text = Client().get("/en/words/").content.decode()
    assert text.index('id="fever"') < text.index('id="immunotherapy"')
    assert "A fever is a side effect of immunotherapy." in text
    assert (
        "La fiebre es un efecto de la inmunoterapia." in Client().get("/es/words/").content.decode()
    )


def test_in_an_answer_each_word_is_explained_once_and_none_before_a_number(
    explained: Path,
) -> None:
    edit(explained, "pages/en/nivolumab.md", "Immunotherapyx.", "Call {{emergency}} for a fever.")
    load_pack(explained)
    rows = Sentence.objects.approved().filter(page_key="nivolumab", language="en")
    ids = [*rows.order_by("-position").values_list("pk", flat=True), "s-000000000000"]
    made = marked_answer(ids, "en")
    assert [[piece.text for piece in made[pk] if piece.term] for pk in ids] == [
        [],
        ["fever", "immunotherapy"],
        [],
        [],
    ]
    assert marked_answer([], "en") == {}


# --- Packs ---


def test_terms_go_out_as_they_came_in_but_none_without_its_sentence(
    explained: Path, editor: Staff, tmp_path: Path
) -> None:
    export_pack("tiny", tmp_path / "whole")
    assert (tmp_path / "whole/glossary.yaml").read_text(encoding="utf-8") == GLOSSARY
    withdraw(page_named("how-it-works"), acting_user=editor)
    export = export_pack("tiny", tmp_path / "less")
    assert "glossary.yaml" not in export.files
    assert any(line.startswith("term fever: its sentence") for line in export.left_out)


def test_a_term_that_the_pack_drops_is_dropped(explained: Path) -> None:
    (explained / "glossary.yaml").unlink()
    load_pack(explained)
    assert not GlossaryTerm.objects.exists()
    assert marked() == []
