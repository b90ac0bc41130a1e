"""The plan of opening hours as it stands: the settings, and the rows that go before them."""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from careline.contacts.enums import OneOffKind
from careline.contacts.opening_models import EarlyClosing, OneOff, OpeningHours, OpeningVersion
from careline.contacts.opening_plan import Closed, OneOffTime, Plan, as_reasons
from careline.core import clock

_ONLY = 1
_LONG_OVER = dt.timedelta(days=3)
_ASK = f"SELECT token FROM {OpeningVersion._meta.db_table} WHERE id = %s"  # noqa: S608 (no input)


class _Rows(NamedTuple):
    week: tuple[tuple[int, str], ...]
    one_offs: tuple[OneOffTime, ...]
    closed: Closed | None


def current() -> Plan:
    """Return the plan. One query by primary key, and the rows again when they have changed.

    Raises DatabaseError when the database can't say.
    """
    rows = _rows(_token())
    week = tuple(dict(rows.week).get(day, hours) for day, hours in enumerate(week_of_settings()))
    country = settings.CHAT_HOLIDAYS_COUNTRY
    return Plan(settings.SERVICE_TIME_ZONE, country, week, rows.one_offs, rows.closed)


def of_settings() -> Plan:
    """Return the plan without any row."""
    return Plan(settings.SERVICE_TIME_ZONE, settings.CHAT_HOLIDAYS_COUNTRY, week_of_settings())


def week_of_settings() -> tuple[str, ...]:
    """Return the seven texts of spans that hold where no row says otherwise."""
    return tuple(str(settings.CHAT_HOURS.get(str(day), "")) for day in range(7))


def _token() -> str:
    # Plain SQL: every page with a help bar asks.
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [_ONLY])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


@lru_cache(maxsize=2)
def _rows(token: str) -> _Rows:
    if not token:
        return _Rows((), (), None)  # Nobody has changed anything yet.
    week = tuple(OpeningHours.objects.order_by("weekday").values_list("weekday", "spans"))
    closed = EarlyClosing.objects.filter(opened_at=None).first()
    one_offs = OneOff.objects.filter(ends_at__gte=clock.now() - _LONG_OVER)
    return _Rows(week, tuple(_one_off(row) for row in one_offs), _closed(closed))


def _one_off(row: OneOff) -> OneOffTime:
    kind = OneOffKind(row.kind)
    return OneOffTime(kind, row.starts_at, row.ends_at, as_reasons(row.reasons))


def _closed(row: EarlyClosing | None) -> Closed | None:
    return Closed(row.closed_at, as_reasons(row.reasons)) if row else None
