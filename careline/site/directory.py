"""What the home page lists: topics with their pages, medicines, other help, common questions."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import DatabaseError

from careline.content.models import (
    Approval,
    ApprovedAnswer,
    DrugPage,
    Pack,
    ReviewedPage,
    ServicePage,
    Topic,
)
from careline.content.version import remembered
from careline.content.words import text_in
from careline.site.questions import as_question, opening, usual_openings

# The footer of every page leads to these.
ABOUT = "about-this-information"
REPRINTS = "reprints"
_IN_THE_FOOTER = (ABOUT, REPRINTS)
_QUESTIONS = 4
_SHORT = 60


@dataclass(frozen=True)
class Entry:
    """A link with what it leads to."""

    title: str
    url: str
    summary: str = ""


@dataclass
class Subject:
    """One pack's information: a tile for each topic, then its medicines one by one."""

    key: str
    title: str
    tiles: list[Entry] = field(default_factory=list)
    medicines: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Directory:
    """Everything of the home page that comes from reviewed content."""

    subjects: list[Subject]
    other_help: list[Entry]
    questions: list[str]


def directory(language: str) -> Directory:
    """Return what the home page lists in a language; made anew when the content changes.

    Empty when the database is down: asking for a person must still be possible.
    """
    try:
        return _directory(language)
    except DatabaseError:
        return Directory([], [], [])


def page_url(key: str, language: str) -> str | None:
    """Return the address of the signed page with this key; None where there is none."""
    page = ReviewedPage.objects.signed_as(key, language)
    return page.url if page else None


def is_demonstration() -> bool:
    """Return whether a demonstration's signature stands under anything that readers see."""
    try:
        return _is_demonstration()
    except DatabaseError:
        return True


@remembered(most=1)
def _is_demonstration() -> bool:
    return Approval.objects.standing().filter(demonstration=True, page__live=True).exists()


@remembered(most=8)
def _directory(language: str) -> Directory:
    pages = list(
        ReviewedPage.objects.signed()
        .in_language(language)
        .exclude(key__in=_IN_THE_FOOTER)
        .select_related("topic", "locale")
        .order_by("topic__pack", "topic__order", "order", "title")
    )
    reading = [page for page in pages if page.specific_class is not ServicePage]
    services = [page for page in pages if page.specific_class is ServicePage]
    return Directory(
        list(_subjects(reading, language)),
        [Entry(page.title, page.url or "", page.summary) for page in services],
        _questions(language),
    )


def _subjects(pages: Iterable[ReviewedPage], language: str) -> Iterable[Subject]:
    titles = {pack.key: text_in(pack.title, language) for pack in Pack.objects.all()}
    subjects: dict[str, Subject] = {}
    seen: set[tuple[str, str]] = set()
    for page in pages:
        subject = subjects.setdefault(page.pack, Subject(page.pack, titles.get(page.pack, "")))
        if page.specific_class is DrugPage:
            subject.medicines.append(Entry(page.title, page.url or ""))
        elif (page.pack, page.topic_id) not in seen:
            seen.add((page.pack, page.topic_id))
            subject.tiles.append(_tile(page.topic, page, language))
        else:
            subject.tiles.append(Entry(page.title, page.url or "", page.summary))
    return subjects.values()


def _tile(topic: Topic, first: ReviewedPage, language: str) -> Entry:
    """Return a topic as its first page's link, under the topic's own name."""
    return Entry(topic.title_in(language), first.url or "", topic.summary_in(language))


def _questions(language: str) -> list[str]:
    """Return a short approved question of each of the first topics."""
    answers = ApprovedAnswer.objects.approved().order_by("topic__pack", "topic__order", "order")
    asked = [
        (answer.topic_id, variant.text)
        for answer in answers.prefetch_related("variants")
        for variant in answer.variants.all()
        if variant.language == language
    ]
    usual = usual_openings([text for _topic, text in asked])
    found: dict[str, str] = {}
    for topic, text in asked:
        if len(text) <= _SHORT and opening(text) in usual:
            found.setdefault(topic, as_question(text))
    return list(found.values())[:_QUESTIONS]
