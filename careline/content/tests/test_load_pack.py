"""Loading a pack: every mistake is named, nothing is half loaded, nothing is loaded twice."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.models import Locale, Site

from careline.accounts.models import Staff
from careline.content import version
from careline.content.actions import withdraw
from careline.content.actions.packs import check_pack, load_pack
from careline.content.enums import SentenceState
from careline.content.models import (
    Approval,
    ApprovedAnswer,
    Drug,
    Pack,
    RefusalClass,
    ReviewedPage,
    SafetyRuleSet,
    Sentence,
    Source,
)
from careline.content.packs import Finding, PackRefused, register_validator, validators
from careline.content.tests.conftest import page_named, whole_answer
from careline.content.tests.packmaker import edit

ARTICLE = "pages/en/how-it-works.md"
FIRST = "Immunotherapy helps the body fight cancer."

# file, words, other words -> line, a part of the message
MISTAKES = {
    "broken yaml": ("sources.yaml", "title: A page", "title: [A page", 3, "well-formed YAML"),
    "unknown field": ("sources.yaml", "  publisher: A s", "  colour: A s", 3, "unknown field"),
    "what is known": ("sources.yaml", "  publisher: A s", "  colour: A s", 3, "one of: key, title"),
    "missing field": ("sources.yaml", "  title: A page\n", "", 1, "'title' is missing"),
    "not in the list": ("sources.yaml", "kind: guideline", "kind: gossip", 11, "guideline"),
    "not a date": ("sources.yaml", "read_on: 2026-01-01", "read_on: soon", 6, "read_on"),
    "not an address": ("sources.yaml", "https://example", "example", 7, "url"),
    "number for text": ("sources.yaml", "title: A page", "title: 12", 2, "text in quotes"),
    "unknown format": ("pack.yaml", "format: 1", "format: 2", 2, "expected 1"),
    "no Spanish": ("pack.yaml", "{en: Tiny, es: Pequeño}", "{en: Tiny}", 4, "'es'"),
    "French too": ("pack.yaml", "es: Pequeño}", "es: P, fr: Q}", 4, "'fr'"),
    "review backwards": ("pack.yaml", "2099-01-01", "2025-01-01", 9, "later date"),
    "half a review": ("pack.yaml", "reviewed_on: 2026-01-01", "reviewed_on: null", 9, "half"),
    "key twice": ("sources.yaml", "key: pdq", "key: acs", 8, "second time"),
    "unknown source": ("drugs.yaml", "sources: [acs]", "sources: [nih]", 9, "'nih'"),
    "unknown drug": ("regimens.yaml", "drug: nivolumab", "drug: aspirin", 7, "'aspirin'"),
    "unknown conflict": ("regimens.yaml", "[when]", "[why]", 12, "'why'"),
    "noted, no note": ("conflicts.yaml", "es: [Nuestras", "es: [] #[", 1, "noted without"),
    "unknown sentence": ("answers.yaml", "#what", "#why", 3, "how-it-works#why"),
    "unknown topic": ("answers.yaml", "topic: basics", "topic: magic", 2, "'magic'"),
    "unknown page": ("refusals.yaml", "[how-it-works]", "[how]", 6, "'how'"),
    "unknown step": ("refusals.yaml", "[phone, chat]", "[fax]", 5, "'phone'"),
    "no front matter": (ARTICLE, "---\nkey", "key", 1, "front matter"),
    "field of a page": (ARTICLE, "order: 10", "colour: red", 7, "unknown field 'colour'"),
    "type of a page": (ARTICLE, "type: article", "type: poem", 3, "'article'"),
    "drug on an article": (ARTICLE, "order: 10", "order: 10\ndrug: nivolumab", 2, "drug pages"),
    "topic of a page": (ARTICLE, "topic: basics", "topic: magic", 4, "'magic'"),
    "no source": (ARTICLE, "cancer. [^acs]", "cancer.", 10, "no source"),
    "source of a page": (ARTICLE, "cancer. [^acs]", "cancer. [^nih]", 10, "'nih'"),
    "source inside": (ARTICLE, "helps the", "helps [^acs] the", 10, "at the end"),
    "only a source": (ARTICLE, FIRST, "", 10, "no sentence"),
    "sentence twice": (ARTICLE, "Call {{phone}} to ask about immunotherapy.", FIRST, 11, "again"),
    "label twice": (ARTICLE, "{#fever}", "{#what}", 13, "twice"),
    "label of a form": (ARTICLE, "{#fever}", "{#A fever}", 13, "'A fever'"),
    "label only here": (ARTICLE, "{#fever}", "{#heat}", 1, "the label 'heat'"),
    "placeholder": (ARTICLE, "{{phone}}", "{{fax}}", 11, "'fax'"),
    "html": (ARTICLE, "the body fight", "<b>the</b> body fight", 10, "HTML"),
    "link": (ARTICLE, "the body fight", "[the](body) fight", 10, "link"),
    "emphasis": (ARTICLE, "the body fight", "**the** body fight", 10, "emphasis"),
    "heading": (ARTICLE, "## Tables", "### Tables", 15, "'## Heading"),
    "unknown table": (ARTICLE, "::drugs", "::potions", 18, "::drugs"),
    "unknown tier": (ARTICLE, "{common}", "{rare}", 20, "common"),
    "conflict of a page": (ARTICLE, "::conflict{when}", "::conflict{why}", 22, "'why'"),
    "open conflict": ("conflicts.yaml", "status: noted", "status: open", 22, "is open"),
    "order per language": ("pages/es/how-it-works.md", "order: 10", "order: 11", 7, "'order'"),
}


@pytest.fixture
def loaded(db: None, pack_folder: Path) -> Path:
    """Loaded for each test anew: other tests here begin with nothing."""
    load_pack(pack_folder)
    return pack_folder


@pytest.mark.django_db
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_what_is_expected(
    name: str, pack_folder: Path
) -> None:
    file, old, new, line, part = MISTAKES[name]
    edit(pack_folder, file, old, new)

    with pytest.raises(PackRefused) as refused:
        load_pack(pack_folder)

    where = "pages/en/how-it-works.md" if name == "open conflict" else file
    where = "pages/es/how-it-works.md" if name == "label only here" else where
    found = [each for each in refused.value.problems if each.file == where and part in each.message]
    assert [each.line for each in found][:1] == [line], refused.value.problems
    assert not Source.objects.exists() and not ReviewedPage.objects.exists()


@pytest.mark.django_db
def test_every_mistake_is_reported_at_once(pack_folder: Path) -> None:
    edit(pack_folder, "sources.yaml", "kind: guideline", "kind: gossip")
    edit(pack_folder, ARTICLE, "{{phone}}", "{{fax}}")
    edit(pack_folder, "refusals.yaml", "[phone, chat]", "[fax]")
    with pytest.raises(PackRefused) as refused:
        check_pack(pack_folder)
    assert {each.file for each in refused.value.problems} >= {
        "sources.yaml",
        "refusals.yaml",
        ARTICLE,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "line", "part"),
    [
        ("sources.yaml", b"", 1, "empty"),
        ("sources.yaml", b"\xff\xfe\x00", 1, "UTF-8"),
        ("sources.yaml", b"key: acs\n", 1, "list"),
        ("sources.yaml", b"- [1, 2]\n", 1, "valid"),
        ("answer.yaml", b"[]", 1, "unknown file"),
        (ARTICLE, b"\xff", 1, "UTF-8"),
        ("pages/en/more.md", b"", 1, "front matter"),
        ("sources.yaml", b"!!python/object/apply:os.system [x]", 1, "valid"),
        ("sources.yaml", b"- !shell\n  key: x\n", 1, "title"),
        ("sources.yaml", b"[" * 5_000, 1, "brackets"),
        ("sources.yaml", b"&a [*a, *a]\n", 1, "valid"),
        ("sources.yaml", b"a\x00b: 1\n", 1, "well-formed"),
        ("sources.yaml", b"\tkey: x\n", 1, "well-formed"),
        ("pages/xx/more.md", b"", 1, "unknown language"),
    ],
)
def test_a_file_of_another_kind_is_refused_kindly(
    pack_folder: Path, name: str, data: bytes, line: int, part: str
) -> None:
    (pack_folder / name).parent.mkdir(exist_ok=True)
    (pack_folder / name).write_bytes(data)
    with pytest.raises(PackRefused) as refused:
        load_pack(pack_folder)
    assert any(
        name.startswith(each.file) and each.line == line and part in each.message
        for each in refused.value.problems
    ), refused.value.problems


@pytest.mark.django_db
def test_a_folder_without_pack_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="1 problems"):
        load_pack(tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sources.yaml", "pages/en/more.md"])
def test_a_folder_where_a_file_should_be_is_refused(pack_folder: Path, name: str) -> None:
    (pack_folder / name).unlink(missing_ok=True)
    (pack_folder / name).mkdir()
    with pytest.raises(PackRefused) as refused:
        load_pack(pack_folder)
    assert any(
        each.file == name and "can't be read" in each.message for each in refused.value.problems
    ), refused.value.problems


@pytest.mark.django_db
def test_a_page_missing_in_one_language_is_refused(pack_folder: Path) -> None:
    (pack_folder / "pages/es/nivolumab.md").unlink()
    with pytest.raises(PackRefused) as refused:
        load_pack(pack_folder)
    assert "pages/es/nivolumab.md" in refused.value.problems[0].message


def test_another_packs_keys_are_left_alone(loaded: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    header = (loaded / "pack.yaml").read_text(encoding="utf-8")
    (other / "pack.yaml").write_text(
        header.replace("pack: tiny", "pack: other").replace("key: basics", "key: more"),
        encoding="utf-8",
    )
    (other / "sources.yaml").write_text((loaded / "sources.yaml").read_text(encoding="utf-8"))
    with pytest.raises(PackRefused) as refused:
        load_pack(other)
    assert "belongs to the pack 'tiny'" in refused.value.problems[0].message


def test_everything_of_a_pack_is_there_in_every_language(loaded: Path) -> None:
    assert ReviewedPage.objects.signed().count() == 4
    english, spanish = page_named("how-it-works"), page_named("how-it-works", "es")
    assert english.translation_key == spanish.translation_key
    assert set(Locale.objects.values_list("language_code", flat=True)) == {"en", "es"}
    assert Site.objects.get().root_page.specific.slug == "en"

    what = Sentence.objects.approved().in_language("es").get(label="what", page=spanish)
    assert what.text.startswith("La inmunoterapia")
    assert what.approval is not None and what.approval.reviewer_name == "Demonstration review"
    assert what.approval.demonstration and what.section == "El cuerpo"

    assert ApprovedAnswer.objects.approved().get().key == "what"
    assert [each.label for each in whole_answer("en")] == ["what"]
    assert RefusalClass.objects.approved().get().text_in("es") == ["No podemos dar dosis."]
    assert Drug.objects.get().brands.get().name == "Opdivo"
    assert Pack.objects.get().demonstration


def test_an_answer_of_which_a_sentence_is_withdrawn_is_not_given(
    loaded: Path, reviewer: Staff
) -> None:
    withdraw(page_named("how-it-works"), acting_user=reviewer)
    assert whole_answer("en") == []
    assert whole_answer("es") != []


@pytest.mark.parametrize("again", [False, True])
def test_a_second_load_changes_nothing(loaded: Path, again: bool) -> None:
    def everything() -> list[Any]:
        return [
            list(model.objects.order_by("pk").values())
            for model in (Approval, Sentence, Source, Drug, ApprovedAnswer, RefusalClass)
        ] + [version.current(), list(ReviewedPage.objects.values_list("pk", "live_revision_id"))]

    before = everything()
    report = load_pack(loaded, again=again)

    assert report.tally.changes == 0
    assert everything() == before


def test_a_changed_sentence_is_new_and_the_others_keep_id_and_signature(loaded: Path) -> None:
    kept = dict(Sentence.objects.exclude(label="what").values_list("pk", "approval_id"))
    old = Sentence.objects.get(page_key="how-it-works", language="en", label="what")
    before = version.current()

    edit(loaded, ARTICLE, FIRST, "Immunotherapy helps the body.")
    report = load_pack(loaded)

    assert report.tally.changed == {"page": 1} and version.current() > before
    assert Sentence.objects.get(pk=old.pk).state() is SentenceState.RETIRED
    now = Sentence.objects.exclude(label="what").values_list("pk", "approval_id")
    assert dict(now) == kept


def test_a_sentence_that_comes_back_has_its_old_id(loaded: Path) -> None:
    old = Sentence.objects.get(page_key="how-it-works", language="en", label="what")
    edit(loaded, ARTICLE, FIRST, "Immunotherapy helps the body.")
    load_pack(loaded)
    edit(loaded, ARTICLE, "Immunotherapy helps the body.", FIRST)
    load_pack(loaded)
    assert Sentence.objects.get(pk=old.pk).is_approved()


def test_a_new_review_of_the_pack_signs_every_sentence_anew(loaded: Path) -> None:
    edit(loaded, "pack.yaml", "reviewer: Demonstration review", "reviewer: Dr. Vega")
    load_pack(loaded)
    names = Sentence.objects.approved().values_list("approval__reviewer_name", flat=True)
    assert set(names) == {"Dr. Vega"}
    assert ApprovedAnswer.objects.get().approval.reviewer_name == "Dr. Vega"


def test_a_changed_note_changes_the_pages_that_show_it(loaded: Path) -> None:
    edit(loaded, "conflicts.yaml", "Our sources differ on when", "Sources differ on when")
    load_pack(loaded)
    notes = Sentence.objects.approved().filter(conflict_key="when")
    assert [each.text for each in notes] == ["Sources differ on when nivolumab is used."]


def test_a_page_taken_out_of_the_pack_is_taken_out_of_sight(loaded: Path) -> None:
    for language in ("en", "es"):
        (loaded / f"pages/{language}/nivolumab.md").unlink()
    report = load_pack(loaded)
    assert report.tally.removed["page"] == 2
    assert not Sentence.objects.approved().filter(page_key="nivolumab").exists()
    states = {each.state() for each in Sentence.objects.filter(page_key="nivolumab")}
    assert states == {SentenceState.RETIRED}


def test_a_page_edited_here_is_left_alone(loaded: Path, editor: Staff) -> None:
    page_named("how-it-works").save_revision(user=editor)
    edit(loaded, ARTICLE, FIRST, "Immunotherapy helps the body.")
    report = load_pack(loaded)
    assert report.tally.both_changed == ["en/how-it-works"]
    assert Sentence.objects.approved().filter(text=FIRST).exists()


# --- Safety rules ---


@pytest.fixture
def rules(pack_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("pages", "sources.yaml", "drugs.yaml", "regimens.yaml", "adverse_events.yaml",
                 "conflicts.yaml", "answers.yaml", "refusals.yaml"):  # fmt: skip
        path = pack_folder / name
        path.rename(pack_folder.parent / path.name)
    edit(pack_folder, "pack.yaml", "pack: tiny", "pack: rules")
    (pack_folder / "rules.yaml").write_text("version: r1\nrules:\n  - pattern: chest pain\n")
    (pack_folder / "cards.yaml").write_text("emergency: {en: Call, es: Llame}\n")
    monkeypatch.setattr(validators, "_validators", {})
    return pack_folder


def _check(data: Mapping[str, Any]) -> list[Finding]:
    pattern = data["rules"]["rules"][0]["pattern"]
    where = ("rules", 0, "pattern")
    return [] if pattern == "chest pain" else [Finding("rules", where, "expected chest pain")]


@pytest.mark.django_db
def test_rules_that_nobody_checks_are_refused(rules: Path) -> None:
    with pytest.raises(PackRefused):
        load_pack(rules)


@pytest.mark.django_db
def test_rules_that_fail_their_check_are_refused_with_the_line(rules: Path) -> None:
    register_validator("rules", _check)
    edit(rules, "rules.yaml", "chest pain", "toe pain")
    with pytest.raises(PackRefused) as refused:
        load_pack(rules)
    assert str(refused.value.problems[0]) == "rules.yaml:3: expected chest pain"
    assert SafetyRuleSet.objects.in_force() is None


@pytest.mark.django_db
def test_changed_rules_are_a_new_version_and_the_old_one_is_kept(rules: Path) -> None:
    register_validator("rules", _check)
    load_pack(rules)
    load_pack(rules, again=True)
    edit(rules, "cards.yaml", "Call", "Call now")
    load_pack(rules)

    in_force = SafetyRuleSet.objects.in_force()
    assert in_force is not None and in_force.cards["emergency"]["en"] == "Call now"
    assert [each.version for each in SafetyRuleSet.objects.all()] == ["r1", "r1-2"]


@pytest.mark.django_db
def test_unsigned_rules_say_so_and_stay_in_force_past_their_date(rules: Path) -> None:
    register_validator("rules", _check)
    edit(rules, "pack.yaml", "reviewer: Demonstration review", "reviewer: null")
    edit(rules, "pack.yaml", "reviewed_on: 2026-01-01", "reviewed_on: null")
    edit(rules, "pack.yaml", "next_review_on: 2099-01-01", "next_review_on: null")
    load_pack(rules)
    in_force = SafetyRuleSet.objects.in_force()
    assert in_force is not None and in_force.approval.demonstration
    assert "not yet signed" in in_force.approval.reviewer_name


# --- The command ---


@pytest.mark.django_db
def test_the_command_prints_each_mistake_and_fails(pack_folder: Path) -> None:
    edit(pack_folder, "sources.yaml", "kind: guideline", "kind: gossip")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 mistake; nothing of it was loaded"):
        call_command("load_pack", str(pack_folder), stderr=errors)
    assert f"{pack_folder}/sources.yaml:11: field 'kind' is 'gossip'; expected" in errors.getvalue()


@pytest.mark.django_db
def test_the_command_wants_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="isn't a folder"):
        call_command("load_pack", str(tmp_path / "nowhere"))


@pytest.mark.django_db
def test_the_command_checks_without_storing(pack_folder: Path) -> None:
    out = StringIO()
    call_command("load_pack", str(pack_folder), check=True, stdout=out)
    assert "is sound" in out.getvalue()
    assert not Source.objects.exists() and version.current() == 0


@pytest.mark.django_db
def test_the_command_says_what_it_did_and_that_it_did_nothing(pack_folder: Path) -> None:
    first, second = StringIO(), StringIO()
    call_command("load_pack", str(pack_folder), stdout=first)
    call_command("load_pack", str(pack_folder), stdout=second)
    assert "page: 4" in first.getvalue()
    assert "nothing changed" in second.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("pack", ["liver-immunotherapy", "safety"])
def test_the_packs_that_are_shipped_are_sound(pack: str) -> None:
    assert check_pack(Path(settings.PACKS_DIR) / pack).header.pack == pack
