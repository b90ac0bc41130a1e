"""Whether the parts of a pack fit together, and with what is loaded already."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from careline.content.enums import ConflictStatus, Tier
from careline.content.models import (
    AdverseEvent,
    ApprovedAnswer,
    ClaimConflict,
    Drug,
    GlossaryTerm,
    RefusalClass,
    Regimen,
    ReviewedPage,
    Source,
    Topic,
)
from careline.content.models.review import normalised
from careline.content.packs.markdown import Block, PageText
from careline.content.packs.problems import PackRefused, Problem
from careline.content.packs.read import PackText, read_pack
from careline.content.packs.validators import findings_of
from careline.content.packs.yamlfile import YamlFile

_TABLES = ("regimens", "drugs", "adverse_events", "conflict")
_OWNED: dict[str, Any] = {
    "topics": Topic,
    "sources": Source,
    "drugs": Drug,
    "regimens": Regimen,
    "adverse_events": AdverseEvent,
    "conflicts": ClaimConflict,
    "glossary": GlossaryTerm,
    "answers": ApprovedAnswer,
    "refusals": RefusalClass,
}


def checked_pack(folder: Path) -> PackText:
    """Return the pack in this folder; raise PackRefused with every mistake in it."""
    problems: list[Problem] = []
    pack = read_pack(folder, problems)
    if pack is not None:
        _Check(pack, problems).all()
    if problems or pack is None:
        raise PackRefused(problems)
    return pack


@dataclass
class _Check:
    """All cross-checks of one pack. Keys that an earlier pack brought may be named too."""

    pack: PackText
    problems: list[Problem]
    known: dict[str, set[str]] = field(default_factory=dict)

    def all(self) -> None:
        self._learn_keys()
        self._check_review()
        self._check_unique()
        self._check_owners()
        self._check_references()
        for page in self.pack.pages:
            self._check_page(page)
        self._check_translations()
        self._check_sentence_names()
        self._check_terms()
        self._check_refusals()
        self._check_cases()
        self.problems.extend(findings_of(self.pack))

    def _learn_keys(self) -> None:
        for name, model in {**_OWNED, "pages": ReviewedPage}.items():
            field_name = "key" if name == "pages" else "pk"
            loaded = model.objects.exclude(pack=self.pack.header.pack)
            self.known[name] = set(loaded.values_list(field_name, flat=True))
            self.known[name] |= {key for key, _path in self._own_keys(name)}

    def _own_keys(self, name: str) -> list[tuple[str, tuple[int | str, ...]]]:
        """The keys that the pack itself brings, each with its path in its file."""
        if name == "pages":
            return [(page.head.key, ("key",)) for page in self.pack.pages]
        if name == "refusals":
            entries = self.pack.entries(name)
            return [(entry.kind.value, (n, "class")) for n, entry in enumerate(entries)]
        if name == "topics":
            topics = self.pack.header.topics
            return [(topic.key, ("topics", n, "key")) for n, topic in enumerate(topics)]
        return [(entry.key, (n, "key")) for n, entry in enumerate(self.pack.entries(name))]

    def _lacks(self, kind: str, key: str) -> bool:
        """Whether nothing of this kind has the key; never when the kind's file is unreadable."""
        return key not in self.known[kind] and kind not in self.pack.unread

    def _file(self, name: str) -> YamlFile:
        return self.pack.lists[name].file if name in self.pack.lists else self.pack.header_file

    def _check_unique(self) -> None:
        for name in _OWNED:
            seen: set[str] = set()
            for key, path in self._own_keys(name):
                if key in seen:
                    message = f"'{key}' stands here a second time; expected each one once"
                    self.problems.append(self._file(name).problem(path, message))
                seen.add(key)

    def _check_owners(self) -> None:
        for name, model in _OWNED.items():
            loaded = model.objects.exclude(pack=self.pack.header.pack)
            owners = dict(loaded.values_list("pk", "pack"))
            for key, path in self._own_keys(name):
                if key in owners:
                    owner = f"the pack '{owners[key]}'" if owners[key] else "the editors"
                    message = f"'{key}' belongs to {owner}; expected a key of its own"
                    self.problems.append(self._file(name).problem(path, message))

    def _check_review(self) -> None:
        """Only rule files can be loaded unsigned: they are better than no danger signs at all."""
        signed = self.pack.header.review.is_signed
        if not signed and (self.pack.pages or self.pack.lists):
            message = "the pack is unsigned; expected a reviewer and both dates"
            self.problems.append(self.pack.header_file.problem(("review",), message))

    def _check_references(self) -> None:
        for name, listed in self.pack.lists.items():
            for number, entry in enumerate(listed.entries):
                for path, kind, key in _references(name, entry):
                    if self._lacks(kind, key):
                        message = f"unknown {_SINGULAR[kind]} '{key}'; expected a key from {kind}"
                        self.problems.append(listed.file.problem((number, *path), message))

    # --- Pages ---

    def _check_page(self, page: PageText) -> None:
        head = page.head
        for kind, field_name in (("topics", "topic"), ("drugs", "drug")):
            key = getattr(head, field_name)
            if key is not None and self._lacks(kind, key):
                message = f"unknown {_SINGULAR[kind]} '{key}'; expected a key from {kind}"
                self.problems.append(page.head_file.problem((field_name,), message))
        if not page.sentences:
            self._at(page, 1, "the page has no sentence; expected at least one")
        self._check_sentences(page)
        for block in page.blocks:
            if block.kind not in ("heading", "passage"):
                self._check_table(page, block)
        self._check_once(page, [(b.argument, b.line) for b in page.blocks if b.kind == "heading"])
        self._check_once(page, [(each.label, each.line) for each in page.sentences])

    def _check_sentences(self, page: PageText) -> None:
        seen: dict[str, int] = {}
        for each in page.sentences:
            if not each.sources:
                self._at(page, each.line, "the sentence has no source; expected [^source-key]")
            for key in each.sources:
                if self._lacks("sources", key):
                    message = f"unknown source '{key}'; expected a key from sources.yaml"
                    self._at(page, each.line, message)
            words = normalised(each.text)
            if words in seen:
                first = seen[words]
                self._at(page, each.line, f"the sentence of line {first} again; expected it once")
            seen.setdefault(words, each.line)

    def _check_table(self, page: PageText, block: Block) -> None:
        if block.kind not in _TABLES:
            known = ", ".join("::" + name.replace("_", "-") for name in _TABLES)
            message = f"unknown table '::{block.kind}'; expected one of: {known}"
            self._at(page, block.line, message)
        elif block.kind == "adverse_events" and block.argument not in ("", *Tier.values):
            message = f"unknown tier '{block.argument}'; expected one of: {', '.join(Tier.values)}"
            self._at(page, block.line, message)
        elif block.kind == "conflict":
            self._check_conflict(page, block)

    def _check_conflict(self, page: PageText, block: Block) -> None:
        if self._lacks("conflicts", block.argument):
            message = f"unknown conflict '{block.argument}'; expected a key from conflicts.yaml"
            self._at(page, block.line, message)
        elif block.argument in self._open_conflicts():
            message = f"conflict '{block.argument}' is open; expected a reviewer's note on it first"
            self._at(page, block.line, message)

    def _open_conflicts(self) -> set[str]:
        entries = self.pack.entries("conflicts")
        own = {entry.key for entry in entries if entry.status == ConflictStatus.OPEN}
        loaded = ClaimConflict.objects.open().exclude(pack=self.pack.header.pack)
        return own | set(loaded.values_list("pk", flat=True))

    def _check_once(self, page: PageText, marks: Iterable[tuple[str, int]]) -> None:
        seen: set[str] = set()
        for mark, line in marks:
            if mark and mark in seen:
                self._at(page, line, f"'{mark}' stands on this page twice; expected it once")
            seen.add(mark)

    def _check_translations(self) -> None:
        languages = self.pack.header.languages
        by_key: dict[str, dict[str, PageText]] = {}
        for page in self.pack.pages:
            family = by_key.setdefault(page.head.key, {})
            if page.language in family:
                other = family[page.language].file
                message = f"key '{page.head.key}' is that of {other}; expected a key of its own"
                self.problems.append(page.head_file.problem(("key",), message))
            family[page.language] = page
        for key, family in by_key.items():
            first = next(family[code] for code in languages if code in family)
            for code in languages:
                self._check_translation(key, first, family.get(code), code)
        self._check_slugs()

    def _check_translation(
        self, key: str, first: PageText, page: PageText | None, language: str
    ) -> None:
        unfinished = language in self.pack.header.in_progress
        if page is None and (unfinished or "pages" in self.pack.unread):
            return
        if page is None:
            message = f"no page '{key}' in '{language}'; expected pages/{language}/{key}.md"
            self._at(first, 1, message)
            return
        for name in ("type", "topic", "drug", "order"):
            if getattr(page.head, name) != getattr(first.head, name):
                message = f"'{name}' isn't that of {first.file}; expected the same in all languages"
                self.problems.append(page.head_file.problem((name,), message))
        for label, line in page.labels.items():
            if label not in first.labels and not unfinished:
                self._at(page, line, f"label '{label}' isn't in {first.file}; expected the same")
        for label in first.labels:
            if label not in page.labels and not unfinished:
                message = f"no sentence with the label '{label}'; {first.file} has one, expected it"
                self._at(page, 1, message)

    def _check_slugs(self) -> None:
        slugs = Counter((page.language, page.slug) for page in self.pack.pages)
        for page in self.pack.pages:
            slug = page.slug
            taken = ReviewedPage.objects.filter(slug=slug, locale__language_code=page.language)
            if slugs[page.language, slug] > 1 or taken.exclude(key=page.head.key).exists():
                message = f"address '{slug}' is another page's; expected one of its own"
                self.problems.append(page.head_file.problem(("slug",), message))

    # --- Answers and terms ---

    def _check_sentence_names(self) -> None:
        # Of the first language that has the page: one in progress may lack labels.
        labels = {page.head.key: page.labels for page in reversed(self.pack.pages)}
        for list_name in ("answers", "glossary"):
            for number, entry in enumerate(self.pack.entries(list_name)):
                for place, name in enumerate(entry.sentences):
                    key, label = name.split("#")
                    if label not in labels.get(key, {}) and "pages" not in self.pack.unread:
                        message = f"no sentence '{name}'; expected a page's key, #, and its label"
                        path = (number, "sentences", place)
                        self.problems.append(self._file(list_name).problem(path, message))

    def _check_terms(self) -> None:
        """One form can't have two explanations."""
        owners: dict[tuple[str, str], str] = {}
        for number, entry in enumerate(self.pack.entries("glossary")):
            for language, names in entry.names.items():
                for place, name in enumerate(names):
                    owner = owners.setdefault((language, name.casefold()), entry.key)
                    if owner != entry.key:
                        message = f"'{name}' is a form of '{owner}' too; expected it once"
                        path = (number, "names", language, place)
                        self.problems.append(self._file("glossary").problem(path, message))

    def _check_refusals(self) -> None:
        for number, entry in enumerate(self.pack.entries("refusals")):
            for place, key in enumerate(entry.pages):
                if self._lacks("pages", key):
                    file = self.pack.lists["refusals"].file
                    message = f"unknown page '{key}'; expected the key of a page"
                    self.problems.append(file.problem((number, "pages", place), message))

    def _check_cases(self) -> None:
        seen: set[tuple[str, str]] = set()
        for number, entry in enumerate(self.pack.entries("cases")):
            file = self.pack.lists["cases"].file
            case = (entry.language, normalised(entry.question).casefold())
            if case in seen:
                message = "the question stands here a second time; expected it once"
                self.problems.append(file.problem((number, "question"), message))
            seen.add(case)
            for place, name in enumerate(entry.answer):
                if self._names_nothing(name):
                    message = f"unknown answer '{name}'; expected an answer's key, or page#label"
                    self.problems.append(file.problem((number, "answer", place), message))

    def _names_nothing(self, name: str) -> bool:
        page, _, label = name.partition("#")
        if not label:
            return self._lacks("answers", name)
        labels = {each for one in self.pack.pages if one.head.key == page for each in one.labels}
        return label not in labels and "pages" not in self.pack.unread

    def _at(self, page: PageText, line: int, message: str) -> None:
        self.problems.append(Problem(page.file, line, message))


_SINGULAR = {
    "sources": "source",
    "drugs": "drug",
    "conflicts": "conflict",
    "regimens": "regimen",
    "topics": "topic",
    "pages": "page",
}

Reference = tuple[tuple[int | str, ...], str, str]


def _references(name: str, entry: Any) -> Iterable[Reference]:
    """Return (path within the entry, kind of what is named, its key) for all that it names."""
    match name:
        case "drugs" | "adverse_events":
            return _sources_of(entry)
        case "regimens":
            return _of_regimen(entry)
        case "conflicts":
            return _of_conflict(entry)
        case "answers":
            return [(("topic",), "topics", entry.topic)]
    return []


def _sources_of(entry: Any) -> list[Reference]:
    return [(("sources", n), "sources", key) for n, key in enumerate(entry.sources)]


def _of_regimen(entry: Any) -> list[Reference]:
    found = _sources_of(entry)
    found += [(("conflicts", n), "conflicts", key) for n, key in enumerate(entry.conflicts)]
    for n, part in enumerate(entry.components):
        found.append((("components", n, "drug"), "drugs", part.drug))
        found += [(("components", n, *path), kind, key) for path, kind, key in _sources_of(part)]
        for place, course in enumerate(part.courses):
            start = ("components", n, "courses", place)
            found += [((*start, *path), kind, key) for path, kind, key in _sources_of(course)]
    return found


def _of_conflict(entry: Any) -> list[Reference]:
    return [
        (("statements", n, "source"), "sources", each.source)
        for n, each in enumerate(entry.statements)
    ]
