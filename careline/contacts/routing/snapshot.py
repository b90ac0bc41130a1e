"""The desk and the queue as `decide` wants to see them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max

from careline.accounts.enums import Role
from careline.accounts.models import Competency, Staff
from careline.contacts import presence
from careline.contacts.enums import Channel, Status
from careline.contacts.models import Contact, StaffPresence
from careline.contacts.routing.decide import Skill, Specialist, Waiting

# Callbacks and messages were promised for later: people take them from the queue.
OFFERED_CHANNELS = (Channel.CHAT,)
# Whose desk it is.
WITH_DESK = (Role.SPECIALIST.value, Role.SUPERVISOR.value)
_FREE_SINCE_HOURS = 24


def desk(now: dt.datetime, *, lock: bool = False) -> list[Specialist]:
    """Return everybody whose desk is open, in whatever state.

    With `lock` their rows are held until the transaction ends, and who is held by another
    transaction (it is offering them something, or they are accepting) is left out.
    """
    rows = StaffPresence.objects.filter(
        seen_at__range=(now - presence.SEEN_WITHIN, now + presence.SEEN_WITHIN),
        staff__is_active=True,
        staff__in=_with_role(),
    )
    if lock:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    people = list(rows.order_by("pk"))
    ids = [person.staff_id for person in people]
    skills, loads, asked = _skills(ids), _loads(ids), _asked(ids)
    free_since = _free_since(ids, now)
    return [
        Specialist(
            id=person.staff_id,
            state=presence.in_effect(person, now).value,
            capacity=person.capacity or settings.CHAT_CAPACITY,
            load=loads.get(person.staff_id, 0),
            skills=tuple(skills[person.staff_id]),
            has_offer=person.staff_id in asked,
            free_since=free_since.get(person.staff_id, person.state_since.timestamp()),
            leaves_at=person.leaves_at.timestamp() if person.leaves_at else None,
        )
        for person in people
    ]


def queue(*, lock: bool = False) -> list[Waiting]:
    """Return the contacts that are to be offered and aren't being offered now."""
    rows = Contact.objects.without_offer().filter(channel__in=OFFERED_CHANNELS)
    if lock:
        rows = rows.select_for_update(skip_locked=True)
    return [as_waiting(contact) for contact in rows]


def as_waiting(contact: Contact) -> Waiting:
    """Return a waiting contact as `decide` sees it."""
    since = contact.waiting_since or contact.opened_at
    return Waiting(
        id=contact.pk,
        topic=contact.topic,
        language=contact.language,
        danger=contact.flag_rank,
        since=since.timestamp(),
        passed_by=tuple(contact.passed_by),
        passed_at=contact.passed_at.timestamp() if contact.passed_at else 0.0,
    )


def _with_role() -> list[int]:
    return list(Staff.objects.filter(groups__name__in=WITH_DESK).values_list("pk", flat=True))


def _skills(ids: Iterable[int]) -> dict[int, list[Skill]]:
    found: dict[int, list[Skill]] = defaultdict(list)
    for row in Competency.objects.filter(staff__in=ids).order_by("pk"):
        until = _end_of(row.certified_until)
        found[row.staff_id].append(Skill(row.topic, row.language, until))
    return found


def _end_of(day: dt.date) -> float:
    """Return the end of a day in the service's zone: a certification holds on its last day."""
    zone = ZoneInfo(settings.SERVICE_TIME_ZONE)
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone).timestamp()


def _loads(ids: Iterable[int]) -> dict[int, int]:
    """Return how many conversations each has; one that they joined counts as theirs."""
    found: dict[int, int] = defaultdict(int)
    live = Contact.objects.filter(status=Status.ASSIGNED, channel__in=OFFERED_CHANNELS)
    for part in ("assignee", "second"):
        counted = live.filter(**{f"{part}__in": ids}).values(part).annotate(n=Count("pk"))
        for row in counted.order_by():
            found[row[part]] += row["n"]
    return found


def _asked(ids: Iterable[int]) -> set[int]:
    """Return who is being asked: whether they take a contact, or join a colleague's."""
    offers = Contact.objects.filter(status=Status.WAITING, offered_to__in=ids)
    invitations = Contact.objects.filter(status=Status.ASSIGNED, invited__in=ids)
    asked = [*offers.values_list("offered_to", flat=True)]
    asked += invitations.values_list("invited", flat=True)
    return {pk for pk in asked if pk}


def is_asked(staff_id: int) -> bool:
    """Return whether this person has an offer or an invitation to answer."""
    return bool(_asked([staff_id]))


def _free_since(ids: Iterable[int], now: dt.datetime) -> dict[int, float]:
    recent = Contact.objects.filter(
        status=Status.ENDED,
        assignee__in=ids,
        ended_at__gte=now - dt.timedelta(hours=_FREE_SINCE_HOURS),
    )
    latest = recent.values("assignee").annotate(at=Max("ended_at")).order_by()
    return {row["assignee"]: row["at"].timestamp() for row in latest}
