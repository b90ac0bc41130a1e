"""Writing a whole pack: put together beside its place, read back, then moved there."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Q

from careline.content.models import (
    Pack,
    QuestionVariant,
    RefusalExample,
    ReviewedPage,
    SafetyRuleSet,
)
from careline.content.packs import schema
from careline.content.packs.export.cases import without_unknown
from careline.content.packs.export.facts import Entries, Rows
from careline.content.packs.export.pages import PageFile, page_file
from careline.content.packs.export.yaml import as_yaml
from careline.content.packs.problems import PackRefused, Problem
from careline.content.packs.read import RULE_FILES, read_pack
from careline.content.packs.schema import AnswerEntry

_CHANGED_HERE = "+local"


class ExportRefused(Exception):
    """The pack can't be exported; says why and what to do."""


@dataclass
class Export:
    """What an export wrote, by name of file, and what it left out, each with the reason."""

    version: str = ""
    files: dict[str, str] = field(default_factory=dict)
    sentences: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def export_pack(key: str, folder: Path, *, with_own: bool = False) -> Export:
    """Write the pack to a new or empty folder; return what was written and left out.

    `with_own` adds the public pages that editors made here and that no pack
    brought. Raises ExportRefused when there is no such pack, the folder holds
    something already, or the files couldn't be loaded as they are.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportRefused(f"{folder} isn't an empty folder; name a new one.")
    export = _Exporter(_pack(key), with_own).export()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as place:
        made = Path(place) / "pack"
        _write(export, made)
        _read_back(made, export.sentences)
        if folder.exists():
            folder.rmdir()
        shutil.move(made, folder)
    return export


def _pack(key: str) -> Pack:
    pack = Pack.objects.filter(key=key).first()
    if pack is None:
        known = ", ".join(Pack.objects.order_by("key").values_list("key", flat=True))
        raise ExportRefused(f"There is no pack '{key}'. Loaded: {known or 'none'}.")
    if not pack.header:
        raise ExportRefused(f"Load it once more first: careline load-pack FOLDER-OF-{key} --again")
    return pack


def _write(export: Export, folder: Path) -> None:
    for name, text in export.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _read_back(folder: Path, written: dict[str, tuple[str, ...]]) -> None:
    """What would be read as something else isn't a pack: an editor's text may look like a mark of
    the format."""
    problems: list[Problem] = []
    pack = read_pack(folder, problems)
    for page in pack.pages if pack else []:
        if written[page.file] != tuple(each.text for each in page.sentences):
            problems.append(Problem(page.file, 1, "a sentence holds what is a mark in packs"))
    if problems:
        first = PackRefused(problems).problems[0]
        raise ExportRefused(f"The text can't be written as a pack. {first}")


@dataclass
class _Exporter:
    pack: Pack
    with_own: bool
    made: Export = field(default_factory=Export)

    def export(self) -> Export:
        header = schema.PackHeader.model_validate(self.pack.header)
        rows = Rows(self.pack.key, header.languages)
        pages = self._pages(header)
        lists = self._lists(rows, pages)
        header = self._header(header, rows, pages)
        self.made.version = header.version
        files = {"pack.yaml": as_yaml(header)}
        files |= {f"{name}.yaml": as_yaml(entries) for name, entries in lists.items() if entries}
        files |= {page.name: page.text for page in pages}
        self.made.sentences = {page.name: page.sentences for page in pages}
        self.made.files = files | self._other_files(pages, lists)
        return self.made

    def _pages(self, header: schema.PackHeader) -> list[PageFile]:
        whose = Q(pack=self.pack.key) | (Q(pack="") if self.with_own else Q(pk=None))
        pages = ReviewedPage.objects.signed().filter(whose).select_related("locale")
        made = [page_file(each.specific, header) for each in pages.order_by("key")]
        found = [each for each in made if each is not None and each.language in header.languages]
        main = header.languages[0]
        sources = {each.key for each in found if each.language == main}
        for each in found:
            if each.key not in sources:
                self._leave(each.name, f"its page in '{main}' isn't public")
        rank = header.languages.index
        kept = [each for each in found if each.key in sources]
        return sorted(kept, key=lambda each: (rank(each.language), each.key))

    def _lists(self, rows: Rows, pages: list[PageFile]) -> dict[str, Entries]:
        main = rows.languages[0]
        labels = {
            f"{page.key}#{label}"
            for page in pages
            for label in page.labels
            if page.language == main
        }
        return {
            "sources": rows.sources({key for page in pages for key in page.sources}),
            "drugs": rows.drugs(),
            "regimens": rows.regimens(),
            "adverse_events": rows.adverse_events(),
            "conflicts": rows.conflicts(),
            "glossary": self._whole("term", rows.glossary(), labels),
            "answers": self._whole("answer", rows.answers(), labels),
            "refusals": [*rows.refusals(self._public(pages))],
        }

    def _whole(
        self,
        kind: str,
        entries: Sequence[schema.AnswerEntry | schema.TermEntry],
        labels: set[str],
    ) -> Entries:
        """Return the entries of which every sentence goes out too."""
        kept: Entries = []
        for entry in entries:
            missing = [name for name in entry.sentences if name not in labels]
            if missing:
                self._leave(f"{kind} {entry.key}", f"its sentence {missing[0]} isn't public")
            else:
                kept.append(entry)
        return kept

    def _public(self, pages: list[PageFile]) -> set[str]:
        """The pages that a refusal may name: those of the export and of the other packs."""
        others = ReviewedPage.objects.exclude(pack__in=["", self.pack.key])
        return {page.key for page in pages} | set(others.values_list("key", flat=True))

    def _header(
        self, header: schema.PackHeader, rows: Rows, pages: list[PageFile]
    ) -> schema.PackHeader:
        """The header as it came, with what has become of it here."""
        behind = [code for code in header.languages if self._is_incomplete(code, header, pages)]
        changed = bool(self.made.left_out) or behind != header.in_progress or self._was_edited()
        version = header.version
        if changed and not version.endswith(_CHANGED_HERE):
            version += _CHANGED_HERE
        changes = {"version": version, "in_progress": behind, "topics": rows.topics()}
        return header.model_copy(update=changes)

    def _is_incomplete(self, code: str, header: schema.PackHeader, pages: list[PageFile]) -> bool:
        if code in header.in_progress:
            return True
        main = {page.key: page.labels for page in pages if page.language == header.languages[0]}
        own = {page.key: page.labels for page in pages if page.language == code}
        return own != main

    def _was_edited(self) -> bool:
        pages = ReviewedPage.objects.signed().filter(pack=self.pack.key)
        key = self.pack.key
        asked = QuestionVariant.objects.in_use().filter(answer__pack=key).exclude(approval=None)
        refused = RefusalExample.objects.in_use().filter(refusal__pack=key).exclude(approval=None)
        if asked.exists() or refused.exists():
            return True
        own = self.with_own and ReviewedPage.objects.signed().filter(pack="").exists()
        return own or any(page.live_revision_id != page.pack_revision for page in pages)

    def _other_files(self, pages: list[PageFile], lists: dict[str, Entries]) -> dict[str, str]:
        """What rows don't hold, as it came; rules only while they are those in force.

        Cases that name an answer which stays behind stay behind with it.
        """
        files: dict[str, str] = dict(self.pack.files)
        if "cases.yaml" in files and "rules.yaml" not in files:
            known = {entry.key for entry in lists["answers"] if isinstance(entry, AnswerEntry)}
            known |= {f"{page.key}#{label}" for page in pages for label in page.labels}
            files["cases.yaml"], gone = without_unknown(files["cases.yaml"], known)
            if not files["cases.yaml"]:
                del files["cases.yaml"]
            for question in gone:
                self._leave(f"case '{question}'", "its answer isn't exported")
        if "rules.yaml" in files and not SafetyRuleSet.objects.in_force():
            for name in RULE_FILES:
                files.pop(f"{name}.yaml", None)
            self._leave("rules.yaml", "no rules are in force")
        return files

    def _leave(self, what: str, reason: str) -> None:
        self.made.left_out.append(f"{what}: {reason}")
