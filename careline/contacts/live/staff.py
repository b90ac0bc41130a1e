"""Which members of staff may use which contacts, asked for many at once.

Every request asks the database anew: whether the session still stands, who it is, what
they may do, whose contact it is. But what came of reading a session (its signature, the
person it names) is kept and holds while session and person are, word for word, what they were.
The three questions are statements of our own: putting them together by the ORM each time
costs four times as much as asking them (docs/decisions/0012-what-a-message-costs.md).
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections, transaction

from careline.accounts.models import Staff
from careline.contacts import trail
from careline.contacts.models import Contact
from careline.contacts.permissions import may_read, may_speak
from careline.core import clock

REMEMBERED = 2_000
# What a person's row may change without being somebody else.
_PASSING = frozenset({"last_login", "date_joined"})
# What the rules about contacts look at; whatever else they ask for is read for each.
_ASKED = ("id", "assignee_id", "second_id", "supervisor_id", "follow_ups_open")


def _columns(table: str, names: Iterable[str]) -> str:
    return ", ".join(f'{table}."{name}"' for name in names)


def _statements() -> tuple[str, str, str]:
    """Return how to ask for sessions, people with each of their roles, and contacts."""
    staff, in_group = Staff._meta.db_table, cast(Any, Staff.groups.through)._meta
    to_staff, to_group = (in_group.get_field(name).column for name in ("staff", "group"))
    fields = Staff._meta.concrete_fields
    names = [str(field.column) for field in fields if field.name not in _PASSING]
    return (
        "SELECT session_key, session_data FROM django_session"
        " WHERE session_key IN ({}) AND expire_date > %s",
        f"SELECT {_columns(staff, names)}, auth_group.name FROM {staff}"  # noqa: S608
        f" LEFT JOIN {in_group.db_table} m ON m.{to_staff} = {staff}.id"
        f" LEFT JOIN auth_group ON auth_group.id = m.{to_group}"
        f" WHERE {staff}.id IN ({{}}) ORDER BY auth_group.name",
        f"SELECT {_columns('c', _ASKED)} FROM {Contact._meta.db_table} c"  # noqa: S608
        " WHERE id IN ({})",
    )


_SESSIONS, _PEOPLE, _CONTACTS = _statements()


def _asked(statement: str, keys: Collection[Any], *more: Any) -> list[tuple[Any, ...]]:
    if not keys:
        return []
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement.format(", ".join(["%s"] * len(keys))), [*keys, *more])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


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
    rows: list[tuple[Any, ...]]  # One for each role.


class StaffRoom:
    """Answers questions; for one thread."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def answers(self, questions: Sequence[Question]) -> list[Staff | None]:
        """Return for each question who it is, or None if they may not."""
        people = self._signed_in({each.session_key for each in questions} - {""})
        contacts = _contacts({each.contact_id for each in questions if each.session_key in people})
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

    def _signed_in(self, keys: Collection[str]) -> dict[str, Staff]:
        sessions = dict(_asked(_SESSIONS, keys, _now()))
        known = {key: self._known[key] for key in sessions if key in self._known}
        rows = _rows({each.staff.pk for each in known.values()})
        people = {}
        for key, data in sessions.items():
            each = known.get(key)
            if each is None or each.data != data or each.rows != rows.get(each.staff.pk):
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
        rows = _rows([user.pk])[user.pk]
        user._role_names = frozenset(row[-1] for row in rows if row[-1])
        known = self._known[key] = _Known(data, user, rows)
        return known


def _now() -> Any:
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(clock.now())


def _rows(staff_ids: Collection[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Return what the database says of these people: their columns, then a role."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in _asked(_PEOPLE, staff_ids):
        found.setdefault(row[0], []).append(row)
    return found


def _contacts(contact_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Contact]:
    key, connection = Contact._meta.pk, connections[DEFAULT_DB_ALIAS]
    named = {key.get_db_prep_value(pk, connection): pk for pk in contact_ids}
    return {
        named[row[0]]: Contact.from_db(DEFAULT_DB_ALIAS, _ASKED, (named[row[0]], *row[1:]))
        for row in _asked(_CONTACTS, named)
    }


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
