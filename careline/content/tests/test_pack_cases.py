"""A pack's cases: mistakes are named with their lines, and they travel with the pack."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from careline.content.actions.packs import load_pack
from careline.content.models import ApprovedAnswer, Pack
from careline.content.packs import Finding, PackRefused, register_cases_validator, validators
from careline.content.packs.export import export_pack
from careline.content.packs.schema import Evaluation, PackHeader
from careline.core import clock

CASES = """\
# Asked by somebody else than whoever wrote the variants.
- question: what's all this about   # said on the phone
  language: en
  answer: what
- {question: y la fiebre, language: es, answer: [what, "how-it-works#fever"], danger: urgent}
- question: "how many mg"
  language: en
  refusal: [dose, personal]
- {question: I can't breathe, language: en, danger: emergency}
"""

# words, other words -> line, a part of the message
MISTAKES = {
    "nothing expected": ("  answer: what\n", "", 2, "nothing is expected"),
    "both": ("  answer: what\n", "  answer: what\n  refusal: dose\n", 2, "one of the two"),
    "unknown answer": ("answer: what\n", "answer: why\n", 4, "unknown answer 'why'"),
    "unknown sentence": ("#fever", "#cold", 5, "unknown answer 'how-it-works#cold'"),
    "unknown refusal": ("[dose, personal]", "[dose, price]", 8, "'dose'"),
    "unknown level": ("danger: emergency", "danger: high", 9, "'emergency'"),
    "another language": ("language: es", "language: fr", 5, "'fr' isn't one of the pack's"),
    "a misspelt field": ("  refusal:", "  refuse:", 8, "unknown field 'refuse'"),
    "asked twice": ("how many mg", "What's  all this about", 6, "second time"),
}


@pytest.fixture
def folder(pack_folder: Path) -> Path:
    (pack_folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    return pack_folder


@pytest.mark.django_db
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line(folder: Path, name: str) -> None:
    old, new, line, message = MISTAKES[name]
    assert old in CASES
    (folder / "cases.yaml").write_text(CASES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackRefused) as refused:
        load_pack(folder)
    [problem] = refused.value.problems
    assert (problem.file, problem.line) == ("cases.yaml", line)
    assert message in problem.message
    assert not Pack.objects.exists()


@pytest.mark.django_db
def test_what_a_validator_finds_refuses_the_whole_pack(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validators, "_cases_validators", [])
    register_cases_validator(lambda cases: [Finding("cases", (len(cases) - 1, "danger"), "missed")])
    with pytest.raises(PackRefused) as refused:
        load_pack(folder)
    assert [str(each) for each in refused.value.problems] == ["cases.yaml:9: missed"]
    assert not ApprovedAnswer.objects.exists()


@pytest.mark.django_db
def test_thresholds_are_shares_and_come_back_from_an_export(folder: Path, tmp_path: Path) -> None:
    header = folder / "pack.yaml"
    text = header.read_text(encoding="utf-8")
    asked = "evaluation: {wrong_at_most: 2, danger_at_least: {urgent: 0.95}}\n"
    header.write_text(text + asked, encoding="utf-8")
    with pytest.raises(PackRefused, match="1 problems"):
        load_pack(folder)

    header.write_text(text + asked.replace("2,", "0.02,"), encoding="utf-8")
    load_pack(folder)
    export_pack("tiny", tmp_path / "out")
    written = YAML(typ="safe").load(tmp_path / "out" / "pack.yaml")
    assert PackHeader.model_validate(written).evaluation == Evaluation.model_validate(
        {"wrong_at_most": 0.02, "danger_at_least": {"urgent": 0.95}}
    )


# --- Export ---


@pytest.mark.django_db
def test_cases_go_out_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    load_pack(folder)
    export_pack("tiny", tmp_path / "out")
    assert (tmp_path / "out" / "cases.yaml").read_text(encoding="utf-8") == CASES


@pytest.mark.django_db
def test_a_case_stays_behind_with_its_answer(folder: Path, tmp_path: Path) -> None:
    load_pack(folder)
    answer = ApprovedAnswer.objects.get(pk="what")
    answer.approval.withdrawn_at = clock.now()
    answer.approval.save()
    export = export_pack("tiny", tmp_path / "out")
    assert "case 'what's all this about': its answer isn't exported" in export.left_out
    kept = YAML(typ="safe").load(tmp_path / "out" / "cases.yaml")
    assert [case.get("answer") for case in kept] == [["how-it-works#fever"], None, None]
    assert load_pack(tmp_path / "out", again=True).pack == "tiny"
