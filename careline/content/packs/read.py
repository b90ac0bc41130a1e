"""Reading a pack's folder into typed entries that know their lines."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import RootModel

from careline.content.packs import schema
from careline.content.packs.explain import validated
from careline.content.packs.markdown import PageText, parse_page
from careline.content.packs.problems import Problem
from careline.content.packs.yamlfile import YamlFile, read_text, read_yaml

Entry = TypeVar("Entry", bound=schema.Entry)

LISTS: dict[str, type[RootModel[Any]]] = {
    "sources": schema.Sources,
    "drugs": schema.Drugs,
    "regimens": schema.Regimens,
    "adverse_events": schema.AdverseEvents,
    "conflicts": schema.Conflicts,
    "glossary": schema.Glossary,
    "answers": schema.Answers,
    "refusals": schema.Refusals,
    "cases": schema.Cases,
}
# The safety pack's files: their content is for the validator that safety registers.
RULE_FILES = ("rules", "cards", "cases")
# A folder with one of these is a pack of rules: its cases are cases of the rules.
_OF_RULES = ("rules.yaml", "cards.yaml")
# Files that belong to other loaders, or to people.
_LEFT_ALONE = {"resources.yaml", "cases-held-out.yaml", "sentences.yaml"}
# What no row holds: kept as it came, for an export.
OTHER_FILES = (*(f"{name}.yaml" for name in RULE_FILES), *sorted(_LEFT_ALONE), "README.md")


@dataclass(frozen=True)
class Listed(Generic[Entry]):
    """The entries of one file, with the file for their lines."""

    file: YamlFile
    entries: list[Entry]


@dataclass
class PackText:
    """Everything that a pack's folder holds."""

    folder: Path
    header: schema.PackHeader
    header_file: YamlFile
    lists: dict[str, Listed[Any]] = field(default_factory=dict)
    pages: list[PageText] = field(default_factory=list)
    rule_files: dict[str, YamlFile] = field(default_factory=dict)
    # What couldn't be read, so that nobody complains of its entries as missing.
    unread: set[str] = field(default_factory=set)

    def entries(self, name: str) -> list[Any]:
        """Return the entries of one list; empty when the pack has no such file."""
        return self.lists[name].entries if name in self.lists else []

    @property
    def other_files(self) -> dict[str, str]:
        """The texts of the files that no row holds."""
        paths = [self.folder / name for name in OTHER_FILES]
        return {path.name: _text(path) for path in paths if path.is_file()}

    @property
    def rules(self) -> Mapping[str, Any]:
        """The data of the rule files by name."""
        return {name: file.data for name, file in self.rule_files.items()}


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def digest_of(folder: Path) -> str:
    """Return a hash of the names and bytes of all files that make up the pack."""
    whole = hashlib.sha256()
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("pages/*/*.md")]):
        whole.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
    return whole.hexdigest()


def read_pack(folder: Path, problems: list[Problem]) -> PackText | None:
    """Read the folder; None when it isn't a pack at all. Mistakes are added to `problems`."""
    pack = _read_header(folder, problems)
    if pack is None:
        return None
    of_rules = any((folder / name).exists() for name in _OF_RULES)
    for name, model in LISTS.items():
        if not (of_rules and name in RULE_FILES):
            _read_list(pack, name, model, problems)
    for name in RULE_FILES if of_rules else ():
        _read_rules(pack, name, problems)
    _read_pages(pack, problems)
    _check_files(folder, problems)
    _check_languages(pack, problems)
    return pack


def _read_header(folder: Path, problems: list[Problem]) -> PackText | None:
    path = folder / "pack.yaml"
    if not path.is_file():
        problems.append(Problem("pack.yaml", 1, "the file is missing; expected it in the pack"))
        return None
    file = read_yaml(path, "pack.yaml")
    if isinstance(file, Problem):
        problems.append(file)
        return None
    languages = file.data.get("languages") if isinstance(file.data, dict) else None
    known = list(languages) if isinstance(languages, list) else None
    unfinished = file.data.get("in_progress") if isinstance(file.data, dict) else None
    header = validated(schema.PackHeader, file, problems, known, unfinished)
    return PackText(folder, header, file) if header else None


def _read_list(
    pack: PackText, name: str, model: type[RootModel[Any]], problems: list[Problem]
) -> None:
    path = pack.folder / f"{name}.yaml"
    if not path.exists():
        return
    pack.unread.add(name)
    file = read_yaml(path, path.name)
    if isinstance(file, Problem):
        problems.append(file)
        return
    header = pack.header
    entries = validated(model, file, problems, header.languages, header.in_progress)
    if entries is not None:
        pack.lists[name] = Listed(file, entries.root)
        pack.unread.remove(name)


def _read_rules(pack: PackText, name: str, problems: list[Problem]) -> None:
    path = pack.folder / f"{name}.yaml"
    if not path.exists():
        return
    file = read_yaml(path, path.name)
    if isinstance(file, Problem):
        problems.append(file)
    else:
        pack.rule_files[name] = file


def _read_pages(pack: PackText, problems: list[Problem]) -> None:
    for language in pack.header.languages:
        for path in sorted((pack.folder / "pages" / language).glob("*.md")):
            name = path.relative_to(pack.folder).as_posix()
            page = _read_page(path, name, language, problems)
            if page is not None:
                pack.pages.append(page)
            else:
                pack.unread.add("pages")


def _read_page(path: Path, name: str, language: str, problems: list[Problem]) -> PageText | None:
    text = read_text(path, name)
    if isinstance(text, Problem):
        problems.append(text)
        return None
    return parse_page(text, name, language, problems)


def _check_files(folder: Path, problems: list[Problem]) -> None:
    """A file with a mistyped name would be left out without a word: say so instead."""
    known = {f"{name}.yaml" for name in (*LISTS, *RULE_FILES, "pack")} | _LEFT_ALONE
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yaml", ".yml") and path.name not in known:
            message = f"unknown file; expected one of: {', '.join(sorted(known))}"
            problems.append(Problem(path.name, 1, message))


def _check_languages(pack: PackText, problems: list[Problem]) -> None:
    """Say which pages would be left out because the pack doesn't name their language."""
    for path in sorted(pack.folder.glob("pages/*/")):
        if path.is_dir() and path.name not in pack.header.languages:
            name = path.relative_to(pack.folder).as_posix()
            known = ", ".join(pack.header.languages)
            message = f"unknown language; expected one of pack.yaml's languages: {known}"
            problems.append(Problem(name, 1, message))
