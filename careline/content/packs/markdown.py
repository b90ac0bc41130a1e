"""The text of a page: front matter, then lines of which each is one sentence."""

import re
from dataclasses import dataclass, field

from careline.content.enums import PassageStyle
from careline.content.packs.explain import validated
from careline.content.packs.problems import Problem
from careline.content.packs.schema import PageHead, plain
from careline.content.packs.yamlfile import YamlFile, parse_yaml

_HEADING = re.compile(r"##\s+(?P<text>.+?)(?:\s*\{#(?P<anchor>[^}]*)\})?$")
_TABLE = re.compile(r"::(?P<name>[a-z-]+)(?:\{(?P<argument>[^}]*)\})?$")
_SENTENCE = re.compile(
    r"(?P<text>.*?)(?P<sources>(?:\s*\[\^[^\]]*\])*)(?:\s*\{#(?P<label>[^}]*)\})?$"
)
_SOURCE = re.compile(r"\[\^([^\]]*)\]")
_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_LONGEST = 1000


@dataclass(frozen=True)
class SentenceLine:
    """One sentence as the file holds it."""

    text: str
    sources: tuple[str, ...]
    label: str
    line: int


@dataclass
class Block:
    """A heading, a passage or a table. `argument` is the anchor, the style, or what is in {}."""

    kind: str
    line: int
    text: str = ""
    argument: str = ""
    sentences: list[SentenceLine] = field(default_factory=list)


@dataclass(frozen=True)
class PageText:
    """One page in one language."""

    file: str
    language: str
    head: PageHead
    head_file: YamlFile
    blocks: list[Block]

    @property
    def slug(self) -> str:
        """The last part of the page's address."""
        return self.head.slug or self.head.key

    @property
    def sentences(self) -> list[SentenceLine]:
        """All sentences in reading order."""
        return [sentence for block in self.blocks for sentence in block.sentences]

    @property
    def labels(self) -> dict[str, int]:
        """Label -> line."""
        return {each.label: each.line for each in self.sentences if each.label}


def parse_page(text: str, file: str, language: str, problems: list[Problem]) -> PageText | None:
    """Parse one page; None after adding what makes it unreadable to `problems`."""
    lines = text.splitlines()
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if not lines or lines[0].rstrip() != "---" or not end:
        problems.append(
            Problem(file, 1, "no front matter; expected its fields between two lines of '---'")
        )
        return None
    head_file = parse_yaml("\n".join(lines[1:end]), file, offset=1)
    if isinstance(head_file, Problem):
        problems.append(head_file)
        return None
    head = validated(PageHead, head_file, problems, None)
    blocks = _Body(file, problems).parse(lines[end + 1 :], end + 2)
    return PageText(file, language, head, head_file, blocks) if head else None


class _Body:
    """Turns lines into blocks; a blank line ends a passage."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.blocks: list[Block] = []
        self.open: Block | None = None

    def parse(self, lines: list[str], first: int) -> list[Block]:
        for number, line in enumerate(lines, first):
            self._line(line.strip(), number)
        return self.blocks

    def _line(self, line: str, number: int) -> None:
        if not line:
            self.open = None
        elif line.startswith("#"):
            self._heading(line, number)
        elif line.startswith("::"):
            self._table(line, number)
        elif line.startswith("- "):
            self._sentence(line[2:], PassageStyle.BULLETS, number)
        else:
            self._sentence(line, PassageStyle.PARAGRAPH, number)

    def _heading(self, line: str, number: int) -> None:
        self.open = None
        match = _HEADING.fullmatch(line)
        if match is None:
            self._wrong(number, "a heading of another form; expected '## Heading {#anchor}'")
            return
        anchor = match["anchor"] or ""
        if match["anchor"] is not None and not _WORD.fullmatch(anchor):
            self._wrong(number, f"anchor '{anchor}'; expected a word like 'side-effects'")
        self._check_plain(match["text"], number)
        self.blocks.append(Block("heading", number, match["text"], anchor))

    def _table(self, line: str, number: int) -> None:
        self.open = None
        match = _TABLE.fullmatch(line)
        if match is None:
            self._wrong(number, f"'{line}'; expected a line like '::adverse-events{{common}}'")
            return
        kind = match["name"].replace("-", "_")
        self.blocks.append(Block(kind, number, argument=match["argument"] or ""))

    def _sentence(self, line: str, style: PassageStyle, number: int) -> None:
        match = _SENTENCE.fullmatch(line)
        assert match is not None  # noqa: S101 - the pattern fits every line
        text = match["text"].strip()
        label = match["label"] or ""
        if match["label"] is not None and not _WORD.fullmatch(label):
            self._wrong(number, f"label '{label}'; expected a word like 'fever'")
        if not text:
            self._wrong(number, "no sentence on this line; expected one sentence, then [^source]")
            return
        if "[^" in text or "{#" in text:
            self._wrong(
                number, "a mark inside the sentence; expected it at the end: [^source] {#label}"
            )
        if len(text) > _LONGEST:
            self._wrong(number, f"{len(text)} characters; expected at most {_LONGEST}")
        self._check_plain(text, number)
        sources = tuple(_SOURCE.findall(match["sources"]))
        self._passage(style, number).sentences.append(SentenceLine(text, sources, label, number))

    def _passage(self, style: PassageStyle, number: int) -> Block:
        if self.open is None or self.open.argument != style:
            self.open = Block("passage", number, argument=style.value)
            self.blocks.append(self.open)
        return self.open

    def _check_plain(self, text: str, number: int) -> None:
        try:
            plain(text)
        except ValueError as error:
            self._wrong(number, str(error))

    def _wrong(self, number: int, message: str) -> None:
        self.problems.append(Problem(self.file, number, message))
