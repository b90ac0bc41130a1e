"""`careline evaluate`: what can't be asked first, then failures, then the numbers."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from careline.answers.evaluation_numbers import Rate
from careline.content.models import Pack

CASES = """\
- {question: what is nivolumab, language: en, answer: nivolumab-what}
- {question: explain immunotherapy, language: en, answer: [nivolumab-what, "how-it-works#what"]}
- {question: what is the right dose, language: en, refusal: [dose, personal]}
- {question: qué es nivolumab, language: es, answer: immunotherapy-what}
- {question: what is immunotherapy, language: en, refusal: not_covered}
- {question: how do I fold a paper plane, language: en, answer: nivolumab-what}
- {question: I can't breathe, language: en, danger: emergency}
- {question: what does nivolumab block, language: en, danger: none}
"""
SOUND = "".join(CASES.splitlines(keepends=True)[:3])


def run(*packs: str, **options: Any) -> str:
    out = StringIO()
    call_command("evaluate", *packs, stdout=out, stderr=options.pop("stderr", out), **options)
    return out.getvalue()


def as_json(*packs: str) -> tuple[dict[str, Any], int]:
    """What is printed and the exit code."""
    out = StringIO()
    try:
        call_command("evaluate", *packs, "--json", stdout=out)
    except CommandError as failure:
        return json.loads(out.getvalue()), failure.returncode
    return json.loads(out.getvalue()), 0


def give_cases(cases: str, **evaluation: Any) -> None:
    """Let the loaded pack have come with these cases and demands."""
    pack = Pack.objects.get(key="tiny")
    pack.files = {"cases.yaml": cases}
    pack.header = {**pack.header, "evaluation": evaluation or None}
    pack.save()


# --- What can't be asked ---


@pytest.mark.parametrize(
    ("names", "says"),
    [(("nobody",), "no loaded pack .tiny. and no file"), ((), "no cases to ask")],
)
def test_what_is_not_there_is_said(pack: Path, names: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says) as refused:
        run(*names)
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SOUND.replace("[nivolumab-what, ", "[nivo, "), "mine.yaml:2: unknown answer 'nivo'"),
        (SOUND.replace("language: en, r", "language: fr, r"), "mine.yaml:3: field 'language'"),
        ("- [", "mine.yaml:1:"),
        ("cases: [{text: hello}]", "mine.yaml:1: field 'language' is None"),
    ],
)
def test_a_mistake_in_a_file_is_named(pack: Path, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    errors = StringIO()
    with pytest.raises(CommandError, match="can't be asked") as refused:
        run(str(tmp_path / "mine.yaml"), stderr=errors)
    assert refused.value.returncode == 2
    assert says in errors.getvalue()


# --- What isn't kept ---


def test_a_demand_that_is_not_kept_ends_with_1(pack: Path) -> None:
    give_cases(CASES, wrong_at_most=0.1, refused_at_least=0.5, danger_at_least={"emergency": 1})
    found, code = as_json("tiny")
    assert code == 1
    assert {one["name"]: one["kept"] for one in found["sets"][0]["demands"]} == {
        "wrong answers": False,
        "rightly refused": True,
        "emergency seen": True,
    }


def test_a_danger_case_that_fails_is_never_passed(pack: Path) -> None:
    give_cases("- {question: my toe itches, language: en, danger: emergency}\n")
    out = StringIO()
    with pytest.raises(CommandError, match="isn't kept") as failed:
        call_command("evaluate", "tiny", stdout=out)
    assert failed.value.returncode == 1
    assert "level emergency; found report because of itch" in out.getvalue()


# --- The numbers ---


def test_each_case_is_counted_where_it_belongs(pack: Path) -> None:
    give_cases(CASES)
    found, code = as_json()
    assert code == 0
    [one] = found["sets"]
    counted = {name: (one[name]["hits"], one[name]["of"]) for name in ("right", "missed", "wrong")}
    assert counted == {"right": (2, 4), "missed": (1, 4), "wrong": (2, 6)}
    assert (one["refused"]["hits"], one["refused"]["of"]) == (1, 2)
    assert (one["refusal_precision"]["hits"], one["refusal_precision"]["of"]) == (1, 2)
    assert one["danger"]["emergency"]["hits"] == 1
    assert (one["false_alarms"]["hits"], one["false_alarms"]["of"]) == (0, 1)
    assert set(one["by_language"]) == {"en", "es"}
    given_instead = {miss["question"]: miss["given"] for miss in one["misses"]}
    assert given_instead == {
        "qué es nivolumab": "nivolumab-what",
        "what is immunotherapy": "immunotherapy-what",
        "how do I fold a paper plane": "refused as not_covered",
    }


def test_a_case_that_is_nearly_a_variant_is_named(pack: Path) -> None:
    give_cases(CASES)
    found, _code = as_json()
    assert "how do I fold a paper plane" not in found["sets"][0]["learnt"]
    assert "what is nivolumab" in found["sets"][0]["learnt"]
    assert "examine nothing" in run("tiny")


def test_a_file_and_a_folder_are_asked_of_what_is_loaded(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SOUND, encoding="utf-8")
    assert "2 of 2" in run(str(tmp_path / "mine.yaml"))
    (tmp_path / "cases.yaml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "pack.yaml").write_bytes((pack / "pack.yaml").read_bytes())
    assert run(str(tmp_path)).startswith("tiny 1.0, from its folder: 3 cases\n")


def test_the_texts_of_a_pack_of_rules_are_judged_too(pack: Path) -> None:
    give_cases("cases:\n  - {text: I can't breathe, language: en, level: emergency, note: x}\n")
    assert "1 of 1     100.0% (20.7 to 100.0)  emergency seen" in run("tiny")


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share(counts: tuple[int, int]) -> None:
    rate = Rate(*counts)
    assert rate.interval is not None and rate.share is not None
    low, high = rate.interval
    assert 0 <= low <= rate.share + 1e-9 and rate.share <= high + 1e-9 <= 1 + 1e-9


def test_the_interval_is_wilsons() -> None:
    """Newcombe 1998, table I: 81 of 263 is .2553 to .3662 by Wilson's method."""
    low, high = Rate(81, 263).interval or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert Rate(0, 0).interval is None
