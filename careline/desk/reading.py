"""Reading a conversation: who may, what is shown of it, and the trace that it leaves."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import TextChoices

from careline.accounts.models import Staff
from careline.contacts import log as contact_log
from careline.contacts import trail
from careline.contacts.enums import AttemptOutcome, AuthorKind, EndReason, EventKind
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.routing.words import told
from careline.desk.marks import Piece, pieces

# Told next to the message that raised them, or of no use to the reader.
_SILENT = frozenset({EventKind.FLAG})
AMONG_STAFF = frozenset({EventKind.NOTE, EventKind.WHISPER, EventKind.CONSULTED})
_CHANGES_TEAM = frozenset(
    {
        EventKind.INVITED,
        EventKind.INVITATION_OVER,
        EventKind.JOINED,
        EventKind.LEFT,
        EventKind.HANDED_OVER,
        EventKind.ASSIGNED,
    }
)


@dataclass(frozen=True)
class Line:
    """One event as the desk shows it."""

    event: ContactEvent
    pieces: list[Piece]
    level: str

    @property
    def kind(self) -> str:
        """The event's kind: the template's choice of words."""
        return self.event.kind

    @property
    def from_visitor(self) -> bool:
        """Whether the visitor wrote it."""
        return self.event.author_kind == AuthorKind.VISITOR

    @property
    def among_staff(self) -> bool:
        """Whether these are words that no visitor sees."""
        return self.event.kind in AMONG_STAFF

    @property
    def changes_team(self) -> bool:
        """Whether somebody else may act in the contact from here on."""
        return self.event.kind in _CHANGES_TEAM

    @property
    def routing(self) -> str:
        """What happened between queue and desk, in words; empty for anything else."""
        return told(self.event.kind, self.event.body)

    @property
    def outcome(self) -> str:
        """What came of a call attempt, in words."""
        return _label(AttemptOutcome, self.event.body.get("outcome"))

    @property
    def end_reason(self) -> str:
        """Why the contact ended, in words."""
        return _label(EndReason, self.event.body.get("reason"))

    @property
    def reviewed_on(self) -> dt.date | None:
        """The day of the review that a cited sentence carries."""
        day = self.event.body.get("reviewed_on")
        return dt.date.fromisoformat(day) if day else None


def _label(choices: type[TextChoices], value: object) -> str:
    return str(choices(value).label) if value in choices.values else ""


@transaction.atomic
def open_transcript(contact: Contact, *, acting_user: Staff) -> list[ContactEvent]:
    """Return the whole log, and note in the audit trail who looked at it."""
    trail.note_view(contact, acting_user=acting_user)
    return contact_log.after(contact.pk)


def read_on(contact: Contact, after: int, *, acting_user: Staff) -> list[ContactEvent]:
    """Return what follows number `after`, for a page that is open already; see contacts.trail."""
    trail.note_reading_on(contact, acting_user=acting_user)
    return contact_log.after(contact.pk, after)


def lines_of(events: Sequence[ContactEvent]) -> list[Line]:
    """Return what to show of these events; each flag becomes marks in its message."""
    flags = {event.body["of"]: event.body for event in events if event.kind == EventKind.FLAG}
    return [_line(event, flags) for event in events if event.kind not in _SILENT]


def _line(event: ContactEvent, flags: dict[int, dict[str, object]]) -> Line:
    flag = flags.get(event.seq, {})
    spans = flag.get("spans", [])
    text = str(event.body.get("text", ""))
    return Line(event, pieces(text, spans), str(flag.get("level", "")))  # type: ignore[arg-type]


def latest_words(events: Sequence[ContactEvent]) -> str:
    """Return the visitor's latest message, or an empty text."""
    for event in reversed(events):
        if event.kind == EventKind.VISITOR_MESSAGE:
            return str(event.body["text"])
    return ""
