"""The rows that the log's writer reads and writes, many in one statement.

Statements of our own, because the ORM makes an object of every row and asks every column
about every value: half the cost of a message (docs/decisions/0012-what-a-message-costs.md).
Names of tables and columns, and how a value is written, come from the models, so
a migration changes them here too. Callers hold a transaction.
"""

import datetime as dt
import uuid
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field

from careline.contacts.models import Contact, ContactEvent
from careline.contacts.state import State
from careline.core.sealing.fields import SealedJSONField

# So many contacts' standings are kept in memory, those used last.
REMEMBERED = 10_000


class Stamp(NamedTuple):
    """By what a standing in memory is known to be the row's: as the database writes it.

    `delete_after` is moved by who mends a row whose log hasn't grown.
    """

    last_seq: int
    last_event_at: Any
    delete_after: Any


@dataclass(slots=True)
class Standing:
    """Where a contact stands: its state, and the number of each message that has a client's id.

    Both follow from the log alone, so they hold as long as the log ends where it ended.
    """

    stamp: Stamp
    state: State
    client_ids: dict[str, int]


class Memory:
    """What this process knows of contacts that it wrote to, to be trusted by its stamp alone."""

    def __init__(self) -> None:
        self._standings: OrderedDict[uuid.UUID, Standing] = OrderedDict()

    def get(self, contact_id: uuid.UUID) -> Standing | None:
        """Return what was kept last."""
        return self._standings.get(contact_id)

    def keep(self, standings: Mapping[uuid.UUID, Standing]) -> None:
        """Keep these; call it once they are committed, never before."""
        for contact_id, standing in standings.items():
            self._standings[contact_id] = standing
            self._standings.move_to_end(contact_id)
        while len(self._standings) > REMEMBERED:
            self._standings.popitem(last=False)

    def forget(self) -> None:
        """Know nothing."""
        self._standings.clear()


memory = Memory()


def _field(model: Any, name: str) -> "Field[Any, Any]":
    return model._meta.get_field(name)  # type: ignore[no-any-return]


_CONTACTS = Contact._meta.db_table
_EVENTS = ContactEvent._meta.db_table
_KEY = Contact._meta.pk
_BODY = cast(SealedJSONField, _field(ContactEvent, "body"))
_EVENT_FIELDS = [field for field in ContactEvent._meta.concrete_fields if not field.primary_key]
_PLAIN = [(field, field.attname) for field in _EVENT_FIELDS if field is not _BODY]
_COLUMNS = ", ".join(f'"{field.column}"' for field in [*(field for field, _name in _PLAIN), _BODY])
_AS_THEY_ARE = frozenset({int, str, bool, type(None)})


class _Hand:
    """Writes values as the database takes them."""

    def __init__(self) -> None:
        # Itself, not the name that stands for each thread's own: that costs at every look.
        self.connection = connections[DEFAULT_DB_ALIAS]
        # A batch says the same moment and the same contact again and again.
        self._kept: dict[dt.datetime | uuid.UUID, Any] = {}

    def written(self, field: "Field[Any, Any]", value: Any) -> Any:
        """Return one value."""
        kind = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if kind is dt.datetime or kind is uuid.UUID:
            if value not in self._kept:
                self._kept[value] = field.get_db_prep_save(value, self.connection)
            return self._kept[value]
        if isinstance(value, str):
            return str.__str__(value)  # The word of a member of an enumeration.
        return field.get_db_prep_save(value, self.connection)


def lock(contact_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """Lock the rows of these contacts and return how they stand.

    In the order of their ids, so that two writers can't deadlock. Those that don't exist, and
    those whose log was deleted at the end of its retention, are left out.
    """
    stamps = _lock_rows(contact_ids)
    standings = {pk: memory.get(pk) for pk in stamps}
    good = {
        pk: standing
        for pk, standing in standings.items()
        if standing is not None and standing.stamp == stamps[pk]
    }
    stale = {pk: stamp for pk, stamp in stamps.items() if pk not in good}
    return {**good, **_read(stale)} if stale else good


def _lock_rows(contact_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Stamp]:
    hand = _Hand()
    named = {hand.written(_KEY, contact_id): contact_id for contact_id in contact_ids}
    locks = hand.connection.features.has_select_for_update
    # SQLite's driver would make dates of these texts.
    at, until = (name if locks else f"{name} || ''" for name in ("last_event_at", "delete_after"))
    statement = (
        f"SELECT id, last_seq, {at}, {until} FROM {_CONTACTS}"  # noqa: S608
        f" WHERE id IN ({_marks(len(named))}) AND transcript_purged_at IS NULL ORDER BY id"
        f"{' FOR UPDATE' if locks else ''}"
    )
    with hand.connection.cursor() as cursor:
        cursor.execute(statement, list(named))
        return {named[row[0]]: Stamp(*row[1:]) for row in cursor.fetchall()}


def _read(stamps: Mapping[uuid.UUID, Stamp]) -> dict[uuid.UUID, Standing]:
    """Read anew what isn't known, or what others have written to since."""
    client_ids = _client_ids(stamps)
    return {
        contact.pk: Standing(stamps[contact.pk], contact.state, client_ids[contact.pk])
        for contact in Contact.objects.filter(pk__in=list(stamps))
    }


def _client_ids(contact_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    known = {pk: memory.get(pk) for pk in contact_ids}
    found = {pk: {} if old is None else dict(old.client_ids) for pk, old in known.items()}
    new = [pk for pk, old in known.items() if old is None]
    grown = {pk: old.stamp.last_seq for pk, old in known.items() if old is not None}
    named = ContactEvent.objects.filter(client_id__isnull=False)
    for ids, seq in ((new, 0), (list(grown), min(grown.values(), default=0))):
        if ids:
            rows = named.filter(contact_id__in=ids, seq__gt=seq)
            for pk, client_id, number in rows.values_list("contact_id", "client_id", "seq"):
                found[pk][client_id or ""] = number
    return found


def add_events(events: Sequence[ContactEvent]) -> None:
    """Insert the events, sealed, and give each its key."""
    hand = _Hand()
    rows = [_row(hand, event) for event in events]
    with hand.connection.cursor() as cursor:
        add = _add_one_by_one if hand.connection.vendor == "sqlite" else _add_together
        keys = add(cursor, rows)
    for event, key in zip(events, keys, strict=True):
        event.pk = key
        event._state.adding = False
        event._state.db = DEFAULT_DB_ALIAS


def _row(hand: _Hand, event: ContactEvent) -> list[Any]:
    held = event.__dict__
    row = [hand.written(field, held[name]) for field, name in _PLAIN]
    row.append(_BODY.get_db_prep_save(_BODY.pre_save(event, add=True), hand.connection))
    return row


def _add_one_by_one(cursor: Any, rows: Sequence[Sequence[Any]]) -> Iterable[int]:
    statement = f"INSERT INTO {_EVENTS} ({_COLUMNS}) VALUES ({_marks(len(_EVENT_FIELDS))})"  # noqa: S608
    cursor.executemany(statement, rows)
    # Nobody else writes while this transaction does: the keys are one after the other.
    cursor.execute("SELECT last_insert_rowid()")
    last: int = cursor.fetchone()[0]
    return range(last - len(rows) + 1, last + 1)


def _add_together(cursor: Any, rows: Sequence[Sequence[Any]]) -> Iterable[int]:
    each = f"({_marks(len(_EVENT_FIELDS))})"
    statement = (
        f"INSERT INTO {_EVENTS} ({_COLUMNS})"  # noqa: S608
        f" VALUES {', '.join([each] * len(rows))} RETURNING id"
    )
    cursor.execute(statement, [value for row in rows for value in row])
    return [key for (key,) in cursor.fetchall()]


def keep_states(
    changes: Iterable[tuple[uuid.UUID, State, State]], delete_after: dt.datetime
) -> dict[uuid.UUID, Stamp]:
    """Write to the contacts' rows what differs between two states. Returns the new stamps."""
    hand = _Hand()
    alike: dict[tuple[str, ...], list[tuple[uuid.UUID, State]]] = defaultdict(list)
    stamps = {}
    until = hand.written(_field(Contact, "delete_after"), delete_after)
    at = _field(Contact, "last_event_at")
    for contact_id, before, after in changes:
        alike[_differing(before, after)].append((contact_id, after))
        stamps[contact_id] = Stamp(after.last_seq, hand.written(at, after.last_event_at), until)
    for names, rows in alike.items():
        _update(hand, names, rows, until)
    return stamps


def _differing(before: State, after: State) -> tuple[str, ...]:
    was = vars(before)
    return tuple(
        name for name, value in vars(after).items() if value is not was[name] and value != was[name]
    )


def _update(
    hand: _Hand,
    names: tuple[str, ...],
    rows: Sequence[tuple[uuid.UUID, State]],
    delete_after: Any,
) -> None:
    fields = [_field(Contact, name.removesuffix("_id")) for name in names]
    pairs = list(zip(fields, names, strict=True))
    values = [
        [
            *(hand.written(field, getattr(state, name)) for field, name in pairs),
            delete_after,
            hand.written(_KEY, contact_id),
        ]
        for contact_id, state in rows
    ]
    columns = [*fields, _field(Contact, "delete_after")]
    with hand.connection.cursor() as cursor:
        if hand.connection.vendor == "sqlite":
            cursor.executemany(_update_one(columns), values)
        else:
            statement = _update_together([*columns, _KEY], len(values), hand.connection)
            cursor.execute(statement, [value for row in values for value in row])


def _update_one(columns: Sequence["Field[Any, Any]"]) -> str:
    changed = ", ".join(f'"{field.column}" = %s' for field in columns)
    return f"UPDATE {_CONTACTS} SET {changed} WHERE id = %s"  # noqa: S608


def _update_together(columns: Sequence["Field[Any, Any]"], count: int, connection: Any) -> str:
    """Return one statement for all rows; the last column is the key."""
    names = [f'"{field.column}"' for field in columns]
    each = f"({', '.join(f'%s::{field.cast_db_type(connection)}' for field in columns)})"
    changed = ", ".join(f"{name} = given.{name}" for name in names[:-1])
    return (
        f"UPDATE {_CONTACTS} SET {changed} FROM (VALUES {', '.join([each] * count)})"  # noqa: S608
        f" AS given({', '.join(names)}) WHERE {_CONTACTS}.id = given.id"
    )


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)
