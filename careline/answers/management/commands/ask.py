"""``careline ask``: one question, or a file of them, without a server."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.answers import ask
from careline.answers.explaining import explain, in_words
from careline.answers.replies import Answer
from careline.core.events import warnings_only


class Command(BaseCommand):
    """Ask Careline; answers are the same as on the web page."""

    help = "Ask one question, or with --batch a file of questions."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the question and the options."""
        parser.add_argument("question", nargs="?", help="The question, in quotes.")
        parser.add_argument("--lang", help="Language where the question's words don't tell.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument(
            "--explain", action="store_true", help="Say why, for staff: matches, vetoes, rules."
        )
        parser.add_argument(
            "--batch", type=Path, metavar="IN.jsonl", help='{"id","question"} lines'
        )
        parser.add_argument("--out", type=Path, metavar="OUT.jsonl", help="Where replies go.")

    @warnings_only()
    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer on the terminal, or line by line into the file."""
        language = _known(options["lang"])
        if options["batch"] and options["explain"]:
            raise CommandError("--explain is for one question, not for --batch.", returncode=2)
        if options["batch"]:
            self._batch(options["batch"], options["out"], language)
        elif options["question"] is None:
            raise CommandError('Ask something: careline ask "What is PD-1?"', returncode=2)
        elif options["explain"]:
            self._explained(options["question"], language, as_json=options["json"])
        else:
            self._one(options["question"], language, as_json=options["json"])

    def _one(self, question: str, language: str | None, *, as_json: bool) -> None:
        answer = ask(question, language=language)
        if as_json:
            self.stdout.write(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_for_reading(answer)))

    def _explained(self, question: str, language: str | None, *, as_json: bool) -> None:
        found = explain(question, language=language)
        if as_json:
            whole = {**found.answer.as_dict(), "why": found.as_dict()}
            self.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join([*_for_reading(found.answer), "", *in_words(found)]))

    def _batch(self, source: Path, target: Path | None, language: str | None) -> None:
        if target is None:
            raise CommandError("Name a file for the replies: --out OUT.jsonl", returncode=2)
        questions = list(_read(source))
        replies = (ask(text, language=language).as_dict(name) for name, text in questions)
        _write(target, replies)
        self.stderr.write(f"{len(questions)} questions answered or refused, in {target}")


def _known(language: str | None) -> str | None:
    codes = [code for code, _name in settings.LANGUAGES]
    if language is not None and language not in codes:
        raise CommandError(f"--lang is one of {', '.join(codes)}.", returncode=2)
    return language


def _read(source: Path) -> Iterator[tuple[str | int, str]]:
    """Yield (id, question); CommandError with exit code 2 names the first bad line."""
    try:
        lines = source.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise CommandError(f"{source} can't be read: {problem}", returncode=2) from problem
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _parsed(line, f"{source}, line {number}")


def _parsed(line: str, where: str) -> tuple[str | int, str]:
    try:
        sent = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise CommandError(f"{where}: this isn't JSON ({problem}).", returncode=2) from problem
    name = sent.get("id") if isinstance(sent, dict) else None
    question = sent.get("question") if isinstance(sent, dict) else None
    if not isinstance(name, (str, int)) or isinstance(name, bool) or not isinstance(question, str):
        expected = '{"id": "q1", "question": "What is PD-1?"}'
        raise CommandError(f"{where}: expected an object such as {expected}", returncode=2)
    return name, question


def _write(target: Path, replies: Iterable[dict[str, Any]]) -> None:
    """Write aside, then move into place: a stopped run leaves no half file."""
    if target.is_dir():
        raise CommandError(f"{target} is a folder; name a file for the replies.", returncode=2)
    if target.exists() and not target.is_file():
        _write_into(target, replies)  # A pipe or a terminal can't be moved aside.
        return
    try:
        descriptor, aside = tempfile.mkstemp(dir=target.absolute().parent, suffix=".jsonl")
    except OSError as problem:
        raise CommandError(f"{target} can't be written: {problem}", returncode=2) from problem
    try:
        os.close(descriptor)
        _write_into(Path(aside), replies)
        Path(aside).chmod(0o644)
        Path(aside).replace(target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _write_into(target: Path, replies: Iterable[dict[str, Any]]) -> None:
    try:
        # An id may hold what no file takes, such as half a character: it is written escaped.
        with target.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for reply in replies:
                file.write(json.dumps(reply, ensure_ascii=False) + "\n")
    except OSError as problem:
        raise CommandError(f"{target} can't be written: {problem}", returncode=2) from problem


def _for_reading(answer: Answer) -> Iterator[str]:
    card = answer.card
    if card is not None:
        yield f"[{card.level.value.upper()}] {card.title}"
        yield from (f"  {line}" for line in card.lines)
        yield ""
    if answer.refusal is not None and not answer.in_danger:
        yield f"({answer.refusal.kind}) {answer.refusal.text}"
    for sentence in answer.sentences:
        yield sentence.text
        sources = "; ".join(str(source) for source in sentence.sources)
        yield f"    {sentence.page}, {sentence.id}, reviewed {sentence.reviewed_on}; {sources}"
    if answer.other is not None:
        yield f"The other question ({answer.other.kind}): {answer.other.text}"
    if answer.left_over:
        yield "You asked two things. This answers the first; ask the other one by itself."
    for page in answer.pages:
        yield f"  may help: {page.title} {page.url}"
    yield f"Next: {', '.join(answer.next_steps)}"
