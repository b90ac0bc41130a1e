"""careline sentence ID: print a sentence with everything that stands behind it."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.content.models import Sentence, Source
from careline.core.text import clean


class Command(BaseCommand):
    help = "Print a sentence with its page, revision, reviewer, dates, sources and state."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="such as s-0123456789ab")

    def handle(self, *_args: Any, **options: Any) -> None:
        # What a terminal hands over may hold half characters, which no database takes.
        asked = clean(options["id"])
        sentence = Sentence.objects.with_citations().filter(pk=asked).first()
        if sentence is None:
            raise CommandError(
                f"There is no sentence {asked!r}. "
                "An id looks like s-0123456789ab; answers show it with every sentence."
            )
        for name, value in _lines(sentence):
            self.stdout.write(f"{name + ':':<13} {value}")


def _lines(sentence: Sentence) -> Iterator[tuple[str, object]]:
    yield "sentence", sentence.id
    yield "text", sentence.shown_text
    yield "page", f"{sentence.page_title} ({sentence.page_key})"
    yield "url", sentence.url or "the page is gone"
    yield "language", sentence.language
    yield "revision", sentence.revision
    if sentence.approval is not None:
        note = " (demonstration)" if sentence.approval.demonstration else ""
        yield "reviewer", sentence.approval.reviewer_name + note
        yield "reviewed on", sentence.approval.reviewed_on
        yield "review due", sentence.approval.review_due
    for source in sentence.sources.all():
        yield "source", _source(source)
    yield "state", sentence.state().value


def _source(source: Source) -> str:
    read = f"read {source.read_on}" if source.read_on else ""
    parts = [source.publisher, source.title, source.published, read, source.url]
    return ". ".join(part for part in parts if part)
