"""Where cases come from: a loaded pack, a pack's folder, or a file of cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from careline.content.models import ApprovedAnswer, Pack, Sentence
from careline.content.packs import PackRefused, Problem, schema
from careline.content.packs.explain import validated
from careline.content.packs.yamlfile import YamlFile, parse_yaml, read_yaml

FILE = "cases.yaml"


@dataclass(frozen=True)
class CaseSet:
    """Cases with a name, and what is asked of what comes of them.

    With `danger_is_asked`, a level that isn't exactly found is a failure by itself: such
    a pack couldn't be loaded.
    """

    name: str
    cases: tuple[schema.CaseEntry, ...]
    evaluation: schema.Evaluation | None = None
    danger_is_asked: bool = False


def loaded_sets() -> list[CaseSet]:
    """Return the cases of every loaded pack that has some."""
    packs = Pack.objects.order_by("key")
    return [loaded_set(pack.key) for pack in packs if FILE in pack.files]


def loaded_set(key: str) -> CaseSet:
    """Return the cases of a loaded pack as they came with it.

    Raises Pack.DoesNotExist, and PackRefused where the stored cases can't be read.
    """
    pack = Pack.objects.get(key=key)
    file = parse_yaml(pack.files.get(FILE, "[]"), FILE)
    header = schema.PackHeader.model_validate(pack.header) if pack.header else None
    return CaseSet(
        name=f"{pack.key} {pack.version}",
        cases=_cases(file, pack.languages),
        evaluation=header.evaluation if header else None,
        danger_is_asked=True,
    )


def set_at(path: Path) -> CaseSet:
    """Return the cases of a file, or of a pack's folder with what its pack.yaml asks.

    They are asked of what is loaded: answers that they name have to be there. Raises
    PackRefused with every mistake.
    """
    if not path.is_dir():
        return CaseSet(path.name, _known(_read(path)))
    file = _read(path / "pack.yaml")
    problems: list[Problem] = []
    header = validated(schema.PackHeader, file, problems, None)
    if header is None:
        raise PackRefused(problems)
    name = f"{header.pack} {header.version}, from its folder"
    cases = _known(_read(path / FILE), header.languages)
    return CaseSet(name, cases, header.evaluation, danger_is_asked=True)


def _read(path: Path) -> YamlFile:
    file = read_yaml(path, path.name)
    if isinstance(file, Problem):
        raise PackRefused([file])
    return file


def _cases(
    file: YamlFile | Problem, languages: list[str] | None = None
) -> tuple[schema.CaseEntry, ...]:
    """Return the entries; of a pack of rules, its texts with their levels."""
    if isinstance(file, Problem):
        raise PackRefused([file])
    if isinstance(file.data, dict):
        file = YamlFile(file.name, list(_of_rules(file.data)))
    problems: list[Problem] = []
    known = languages or [code for code, _name in settings.LANGUAGES]
    found = validated(schema.Cases, file, problems, known)
    if found is None:
        raise PackRefused(problems)
    return tuple(found.root)


def _of_rules(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in data.get("cases") or []:
        yield {
            "question": entry.get("text"),
            "language": entry.get("language"),
            "danger": entry.get("level"),
        }


def _known(file: YamlFile, languages: list[str] | None = None) -> tuple[schema.CaseEntry, ...]:
    """Return the entries after making sure that each answer they name is loaded."""
    cases = _cases(file, languages)
    answers = set(ApprovedAnswer.objects.values_list("key", flat=True))
    labelled = Sentence.objects.exclude(label="").values_list("page_key", "label")
    answers |= {f"{page}#{label}" for page, label in labelled.distinct()}
    problems = [
        file.problem((number, "answer", place), f"unknown answer '{name}'; expected a loaded one")
        for number, case in enumerate(cases)
        for place, name in enumerate(case.answer)
        if name not in answers
    ]
    if problems:
        raise PackRefused(problems)
    return cases
