"""What an asker gets: plain values, the same for page, chat, API and command line."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from careline.safety import Assessment, CareCard


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What a sentence rests on."""

    key: str
    title: str
    publisher: str
    published: str
    read_on: dt.date | None
    url: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.publisher, self.title, self.published) if part)


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One approved sentence with all that a citation shows. `url` leads to it on its page."""

    id: str
    text: str
    page: str
    url: str
    revision: int
    reviewed_on: dt.date
    reviewer: str
    sources: tuple[SourceLine, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        shown = asdict(self)
        shown["reviewed_on"] = self.reviewed_on.isoformat()
        shown["sources"] = [_source(line) for line in self.sources]
        return shown


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page that may help."""

    key: str
    title: str
    url: str
    summary: str


@dataclass(frozen=True, slots=True)
class RefusalReply:
    """Why there is no answer, in approved words."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question.

    `sentences` are in reading order and empty when `answered` is false; then
    `refusal` is set. `card` is what comes first when the text is urgent; in danger a
    refusal says nothing but the card's words. With `left_over` the sentences answer the first
    of two questions; both were too much for one reply. `other` says why one of two questions has
    no answer. `next_steps` are of phone, chat, callback and message, best first. `language` is the
    language of the reply's words.
    """

    question: str
    language: str
    assessment: Assessment
    card: CareCard | None
    answered: bool
    sentences: tuple[CitedSentence, ...]
    refusal: RefusalReply | None
    next_steps: tuple[str, ...]
    pages: tuple[PageLink, ...]
    milliseconds: float
    left_over: bool = False
    other: RefusalReply | None = None

    @property
    def in_danger(self) -> bool:
        """Whether the card comes before everything, and nothing may be refused in other words."""
        return self.assessment.level.is_danger

    @property
    def text(self) -> str:
        """The words of the reply in reading order: the sentences', else the refusal's."""
        if self.refusal is not None:
            return self.refusal.text
        told = [sentence.text for sentence in self.sentences]
        return " ".join([*told, self.other.text] if self.other else told)

    def as_dict(self, question_id: str | int | None = None) -> dict[str, Any]:
        """Return the object of the batch file and the API, whose fields are kept stable."""
        return {
            "id": question_id,
            "question": self.question,
            "answered": self.answered,
            "urgency": self.assessment.level.value,
            "card": _card(self.card) if self.card else None,
            "language": self.language,
            "text": self.text,
            "sentences": [sentence.as_dict() for sentence in self.sentences],
            "refusal": self.refusal.kind if self.refusal else None,
            "next": list(self.next_steps),
            "pages": [{"title": page.title, "url": page.url} for page in self.pages],
            "ms": round(self.milliseconds, 2),
        }


def _card(card: CareCard) -> dict[str, Any]:
    actions = [asdict(action) for action in card.actions]
    return {"title": card.title, "lines": list(card.lines), "actions": actions}


def _source(line: SourceLine) -> dict[str, Any]:
    return asdict(line) | {"read_on": line.read_on.isoformat() if line.read_on else None}
