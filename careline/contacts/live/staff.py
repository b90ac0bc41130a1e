"""Which members of staff may use which contacts, asked for many at once.

Every request asks the database anew: whether the session still stands, who it is, what
they may do, whose contact it is. But what came of reading a session (its signature, the
person it names) is kept and holds while session and person are, word for word, what they were.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import close_old_connections, transaction

from careline.accounts.models import Staff
from careline.contacts import trail
from careline.contacts.models import Contact
from careline.contacts.permissions import may_read, may_speak
from careline.core import clock

REMEMBERED = 2_000
# What a person's row may change without being somebody else.
_PASSING = frozenset({"last_login"})
_COLUMNS = [field.attname for field in Staff._meta.concrete_fields if field.attname not in _PASSING]
_ROLES = Staff.groups.through._default_manager
# What the rules about contacts look at; whatever else they ask for is read for each.
_ASKED = ("assignee", "second", "supervisor", "follow_ups_open")


@dataclass(frozen=True, slots=True)
class Question:
    """May the person of this session use this contact?"""

    session_key: str
    contact_id: uuid.UUID
    to_read: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """A session as it was read, whose it is, and what the database said of that person."""

    data: str
    staff: Staff
    row: tuple[Any, ...]


class StaffRoom:
    """Answers questions; for one thread."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def answers(self, questions: Sequence[Question]) -> list[Staff | None]:
        """Return for each question who it is, or None if they may not."""
        people = self._signed_in({each.session_key for each in questions} - {""})
        contacts = Contact.objects.only(*_ASKED).in_bulk(
            {each.contact_id for each in questions if each.session_key in people}
        )
        found = [
            _allowed(people.get(each.session_key), contacts.get(each.contact_id), each)
            for each in questions
        ]
        _leave_traces(questions, found, contacts)
        return found

    def answers_in_thread(self, questions: Sequence[Question]) -> list[Staff | None]:
        """Return the same, in a thread that has a database connection of its own."""
        close_old_connections()
        try:
            return self.answers(questions)
        finally:
            close_old_connections()

    def _signed_in(self, keys: Iterable[str]) -> dict[str, Staff]:
        standing = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
        sessions = dict(standing.values_list("session_key", "session_data"))
        known = {key: self._known[key] for key in sessions if key in self._known}
        rows = _rows({each.staff.pk for each in known.values()})
        people = {}
        for key, data in sessions.items():
            each = known.get(key)
            if each is None or each.data != data or each.row != rows.get(each.staff.pk):
                each = self._read(key, data)
            if each is not None:
                people[key] = each.staff
        return people

    def _read(self, key: str, data: str) -> _Known | None:
        """Read a session as Django does, and keep what came of it."""
        self._known.pop(key, None)
        # What Django's own check reads of a request is its session.
        holder = cast(Any, SimpleNamespace(session=SessionStore(key)))
        user = auth.get_user(holder)
        if not isinstance(user, Staff) or not user.is_active:
            return None
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        row = _rows([user.pk])[user.pk]
        user._role_names = row[-1]
        known = self._known[key] = _Known(data, user, row)
        return known


def _rows(staff_ids: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """Return what the database says of these people: their columns, then their roles."""
    ids = list(staff_ids)
    if not ids:
        return {}
    roles: dict[int, set[str]] = {pk: set() for pk in ids}
    for pk, name in _ROLES.filter(staff__in=ids).values_list("staff_id", "group__name"):
        roles[pk].add(name)
    rows = Staff.objects.filter(pk__in=ids).values_list("pk", *_COLUMNS)
    return {row[0]: (*row, frozenset(roles[row[0]])) for row in rows}


def _allowed(staff: Staff | None, contact: Contact | None, asked: Question) -> Staff | None:
    if staff is None or contact is None:
        return None
    # Who only looks in can't write or be seen typing: the visitor doesn't know of them.
    allowed = may_read(staff, contact) if asked.to_read else may_speak(staff, contact)
    return staff if allowed else None


def _leave_traces(
    questions: Sequence[Question],
    found: Sequence[Staff | None],
    contacts: dict[uuid.UUID, Contact],
) -> None:
    reading = [
        (staff, contacts[each.contact_id])
        for each, staff in zip(questions, found, strict=True)
        if staff is not None and each.to_read
    ]
    if not reading:
        return
    with transaction.atomic():
        for staff, contact in reading:
            trail.note_reading_on(contact, acting_user=staff)
