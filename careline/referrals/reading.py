"""Reading a resources.yaml: every complaint names file, line and what is expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from careline.core import clock
from careline.referrals.file_format import ResourceFile

FILE_NAME = "resources.yaml"
MAX_BYTES = 5_000_000

Location = Sequence[str | int]

# What was expected, by pydantic's kind of error; anything else uses its own message.
_EXPECTED = {
    "missing": "this field, which is required",
    "extra_forbidden": "no such field: is it misspelled?",
    "string_type": "a text: put it in quotes",
    "tuple_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "too_short": "at least one",
    "bool_type": "true or false",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file. `line` counts from 1."""

    file: Path
    line: int
    where: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return (
            f"{place}{self.where}: expected {self.expected}"
            if self.where
            else (f"{place}expected {self.expected}")
        )


class ResourceFileError(Exception):
    """The file can't be used; nothing was loaded."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def read_resources(path: Path) -> ResourceFile:
    """Read and check a resources.yaml, or the one in a pack's folder.

    Raises ResourceFileError with every problem found.
    """
    file = path / FILE_NAME if path.is_dir() else path
    tree = _parse(file, _text_of(file))
    try:
        resources = ResourceFile.model_validate(tree)
    except ValidationError as error:
        raise ResourceFileError(list(_form_problems(file, tree, error))) from None
    problems = [
        Problem(file, _line(tree, place), _name(place), expected)
        for place, expected in _sense_problems(resources)
    ]
    if problems:
        raise ResourceFileError(problems)
    return resources


def _text_of(file: Path) -> str:
    try:
        content = file.read_bytes()
        if len(content) > MAX_BYTES:
            raise ResourceFileError([Problem(file, 1, "", f"at most {MAX_BYTES} bytes")])
        return content.decode("utf-8")
    except OSError:
        raise ResourceFileError([Problem(file, 1, "", "a file that can be read")]) from None
    except UnicodeDecodeError:
        raise ResourceFileError([Problem(file, 1, "", "text in UTF-8")]) from None


def _parse(file: Path, text: str) -> Any:
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        reason = (error.problem or "").split("\n")[0]
        problem = Problem(file, line, "", f"valid YAML ({reason})")
        raise ResourceFileError([problem]) from None
    except (YAMLError, RecursionError):
        raise ResourceFileError([Problem(file, 1, "", "valid YAML")]) from None
    if not isinstance(tree, dict):
        raise ResourceFileError([Problem(file, 1, "", "a map with pack, format and services")])
    return tree


def _form_problems(file: Path, tree: Any, error: ValidationError) -> Iterator[Problem]:
    for item in error.errors():
        expected = _EXPECTED.get(item["type"]) or item["msg"].removeprefix("Value error, ")
        yield Problem(file, _line(tree, item["loc"]), _name(item["loc"]), expected)


def _line(tree: Any, place: Location) -> int:
    """Return the line of the deepest part of `place` that exists in the file."""
    line = 1
    for step in place:
        if not hasattr(tree, "lc") or step not in _steps(tree):
            break
        line = tree.lc.data[step][0] + 1
        tree = tree[step]
    return line


def _steps(tree: Any) -> Any:
    return tree if isinstance(tree, dict) else range(len(tree))


def _name(place: Location) -> str:
    return ".".join(str(step) for step in place)


def _sense_problems(resources: ResourceFile) -> Iterator[tuple[Location, str]]:
    """Yield what each field alone can't show: references, doubles, missing words, dates."""
    yield from _doubles("needs", [term.key for term in resources.needs])
    yield from _doubles("organizations", [entry.key for entry in resources.organizations])
    yield from _doubles("services", [service.key for service in resources.services])
    yield from _dangling(resources)
    yield from _missing_words(resources)
    yield from _dates_ahead(resources)


def _doubles(part: str, keys: Sequence[str]) -> Iterator[tuple[Location, str]]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield (part, index, "key"), f"a key that isn't used above: {key!r} is"


def _dangling(resources: ResourceFile) -> Iterator[tuple[Location, str]]:
    needs = {term.key for term in resources.needs}
    organizations = {entry.key for entry in resources.organizations}
    for index, service in enumerate(resources.services):
        if service.organization not in organizations:
            yield ("services", index, "organization"), "the key of an organization in this file"
        for position, need in enumerate(service.needs):
            if need not in needs:
                yield ("services", index, "needs", position), "the key of a need in this file"


def _missing_words(resources: ResourceFile) -> Iterator[tuple[Location, str]]:
    languages = set(resources.languages)
    for place, words in _all_words(resources):
        if words and set(words) != languages:
            yield place, "words in exactly these languages: " + ", ".join(resources.languages)


def _all_words(resources: ResourceFile) -> Iterator[tuple[Location, dict[str, str]]]:
    for index, term in enumerate(resources.needs):
        yield ("needs", index, "label"), term.label
    for index, organization in enumerate(resources.organizations):
        yield ("organizations", index, "name"), organization.name
    for index, service in enumerate(resources.services):
        for field in ("name", "description", "eligibility", "fees", "interpretation"):
            yield ("services", index, field), getattr(service, field)
        for position, phone in enumerate(service.phones):
            yield ("services", index, "phones", position, "note"), phone.note


def _dates_ahead(resources: ResourceFile) -> Iterator[tuple[Location, str]]:
    today = clock.today()
    for index, service in enumerate(resources.services):
        if service.assured_on > today:
            yield ("services", index, "assured_on"), f"a day that isn't after today ({today})"
