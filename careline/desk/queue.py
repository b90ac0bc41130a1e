"""Who waits and who is with whom, in the order in which to look at them."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import translation
from django.utils.translation import ngettext

from careline.accounts.models import Competency, Staff
from careline.accounts.permissions import may_supervise
from careline.contacts.enums import EventKind, Status
from careline.contacts.followups_models import FollowUp
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.state import labels
from careline.content.models import Topic
from careline.content.words import text_in
from careline.core import clock
from careline.desk.marks import Piece, pieces
from careline.desk.offers import NextSteps, Standing, standing_of, why_invited, why_offered
from careline.safety.levels import Level

SHOWN = 100
FIRST_WORDS = 160


@dataclass(frozen=True)
class QueueItem:
    """One line of the queue."""

    contact: Contact
    topic: str
    language: str
    first_words: list[Piece]
    minutes: int
    trained: bool
    next_step: str = ""
    because: str = ""
    seconds_left: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """What else is worth seeing at a glance."""
        return tuple(str(label.label) for label in labels(self.contact.state))

    @property
    def wait(self) -> str:
        """How long it waits, in words."""
        if self.minutes < 90:
            return ngettext("%(n)d minute", "%(n)d minutes", self.minutes) % {"n": self.minutes}
        hours = round(self.minutes / 60)
        if hours < 48:
            return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
        days = round(hours / 24)
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@dataclass(frozen=True)
class DeskLists:
    """The left column of the desk."""

    standing: Standing
    offers: list[QueueItem]
    chats: list[QueueItem]
    requests: list[QueueItem]
    mine: list[QueueItem]
    to_wrap_up: list[QueueItem]
    others: list[QueueItem]
    invitations: list[QueueItem]
    joined: list[QueueItem]
    asking: list[QueueItem]
    follow_ups: list[FollowUp]
    today: dt.date

    @property
    def waiting(self) -> int:
        """How many wait, on any channel."""
        return len(self.offers) + len(self.chats) + len(self.requests)

    @property
    def alarm(self) -> int:
        """How many wait who may be in danger."""
        waiting = [*self.offers, *self.chats, *self.requests]
        return sum(1 for item in waiting if item.contact.flag_rank >= Level.URGENT.rank)


def desk_lists(staff: Staff, now: dt.datetime | None = None) -> DeskLists:
    """Return what this person's left column shows at this moment."""
    now = now or clock.now()
    offers = list(Contact.objects.offered_to_staff(staff))
    waiting = Contact.objects.waiting().exclude(offered_to=staff).select_related("offered_to")
    # Somebody sits at the other end of a chat; callbacks and messages were promised later.
    chats = list(waiting.chats()[:SHOWN])
    requests = list(waiting.requests_in_order(now)[:SHOWN])
    mine = list(Contact.objects.of(staff))
    to_wrap_up = list(Contact.objects.to_wrap_up(staff)[:SHOWN])
    supervises = may_supervise(staff)
    others = _with_others(staff) if supervises else []
    invitations = list(Contact.objects.inviting(staff).select_related("assignee"))
    joined = list(Contact.objects.joined_by(staff).select_related("assignee"))
    asking = _asking(staff) if supervises else []
    shown = [*offers, *chats, *requests, *mine, *to_wrap_up, *others]
    build = _Builder(staff, [*shown, *invitations, *joined, *asking], now)
    return DeskLists(
        standing=standing_of(staff, now),
        offers=[build.offer(contact) for contact in offers],
        chats=[build.item(contact) for contact in chats],
        requests=[build.item(contact) for contact in requests],
        mine=[build.item(contact) for contact in mine],
        to_wrap_up=[build.item(contact) for contact in to_wrap_up],
        others=[build.item(contact) for contact in others],
        invitations=[build.invitation(contact) for contact in invitations],
        joined=[build.item(contact) for contact in joined],
        asking=[build.item(contact) for contact in asking],
        follow_ups=follow_ups_to_see(staff, _day(now)),
        today=_day(now),
    )


def queue_item(staff: Staff, contact: Contact) -> QueueItem:
    """Return the line of one contact."""
    return _Builder(staff, [contact], clock.now()).item(contact)


def _with_others(staff: Staff) -> list[Contact]:
    taken = Contact.objects.filter(status=Status.ASSIGNED).exclude(assignee=staff)
    return list(taken.select_related("assignee").order_by("-flag_rank", "accepted_at")[:SHOWN])


def _asking(staff: Staff) -> list[Contact]:
    """Return colleagues' contacts in which a supervisor's word is waited for."""
    asking = Contact.objects.with_question().exclude(assignee=staff)
    return list(asking.select_related("assignee")[:SHOWN])


def _day(now: dt.datetime) -> dt.date:
    return now.astimezone(ZoneInfo(settings.SERVICE_TIME_ZONE)).date()


def follow_ups_to_see(staff: Staff, today: dt.date) -> list[FollowUp]:
    """Return what this person has to do by today; supervisors see what anybody has left undone."""
    mine = Q(staff=staff)
    if may_supervise(staff):
        mine |= Q(due_on__lt=today)
    due = FollowUp.objects.due(today).filter(mine)
    return list(due.select_related("staff", "contact")[:SHOWN])


class _Builder:
    """Looks up once what the lines of many contacts need."""

    def __init__(self, staff: Staff, contacts: list[Contact], now: dt.datetime) -> None:
        self.now = now
        self.topics = {topic.key: topic for topic in Topic.objects.all()}
        self.languages = dict(settings.LANGUAGES)
        self.trainings = list(Competency.objects.current().filter(staff=staff))
        self.next_steps = NextSteps(now)
        self.words = _first_words(contact.pk for contact in contacts)

    def item(self, contact: Contact) -> QueueItem:
        since = contact.waiting_since or contact.awaiting_reply_since or contact.opened_at
        return QueueItem(
            contact=contact,
            topic=self._topic(contact.topic),
            language=self.languages.get(contact.language, contact.language),
            first_words=self.words.get(contact.pk, []),
            minutes=max(0, int((self.now - since).total_seconds() // 60)),
            trained=any(_covers(training, contact) for training in self.trainings),
            next_step=self.next_steps.of(contact),
        )

    def offer(self, contact: Contact) -> QueueItem:
        """Return the line of a contact that is offered to this person."""
        left = contact.offered_until - self.now if contact.offered_until else dt.timedelta()
        seconds = max(0, int(left.total_seconds()))
        return replace(self.item(contact), because=why_offered(contact), seconds_left=seconds)

    def invitation(self, contact: Contact) -> QueueItem:
        """Return the line of a colleague's contact that this person is asked to join."""
        left = contact.invited_until - self.now if contact.invited_until else dt.timedelta()
        seconds = max(0, int(left.total_seconds()))
        return replace(self.item(contact), because=why_invited(contact), seconds_left=seconds)

    def _topic(self, key: str) -> str:
        topic = self.topics.get(key)
        return text_in(topic.title, translation.get_language()) if topic else key


def _covers(training: Competency, contact: Contact) -> bool:
    # As routing sees it: who chose no topic can talk to anybody trained in the language.
    same_topic = not contact.topic or training.topic in ("", contact.topic)
    return training.language == contact.language and same_topic


def _first_words(contact_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Piece]]:
    # Only the first message and what follows it at once: its flag, where it has one. Any number
    # of offers may stand before it.
    said = ContactEvent.objects.filter(contact=OuterRef("contact"), kind=EventKind.VISITOR_MESSAGE)
    first_said = Subquery(said.order_by("seq").values("seq")[:1])
    events = ContactEvent.objects.filter(
        contact__in=list(contact_ids), kind__in=[EventKind.VISITOR_MESSAGE, EventKind.FLAG]
    ).alias(first=first_said)
    events = events.filter(seq__gte=F("first"), seq__lte=F("first") + 1)
    first: dict[uuid.UUID, ContactEvent] = {}
    spans: dict[uuid.UUID, list[list[int]]] = {}
    for event in events.order_by("contact", "seq"):
        if event.kind == EventKind.VISITOR_MESSAGE:
            first.setdefault(event.contact_id, event)
        elif event.contact_id in first and event.body["of"] == first[event.contact_id].seq:
            spans[event.contact_id] = event.body["spans"]
    return {pk: _shortened(event, spans.get(pk, [])) for pk, event in first.items()}


def _shortened(event: ContactEvent, spans: list[list[int]]) -> list[Piece]:
    text = str(event.body["text"])
    short = pieces(text[:FIRST_WORDS], spans)
    return [*short, Piece("…")] if len(text) > FIRST_WORDS else short
