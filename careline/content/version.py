"""A number that changes whenever anything approved changes, for caches and indexes to ask."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

from django.db import connection, models

from careline.content.models import ContentVersion
from careline.core import clock

Asked = TypeVarTuple("Asked")
Made = TypeVar("Made")

_ONLY = 1
_forgetting: list[Callable[[], None]] = []
_ASK = f"SELECT number FROM {ContentVersion._meta.db_table} WHERE id = %s"  # noqa: S608 (no input)


def current() -> int:
    """Return the number; 0 before anything was loaded. One query by primary key.

    Plain SQL: every page that is kept ready asks, and the ORM would take most of its time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [_ONLY])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def remembered(
    most: int,
) -> Callable[[Callable[[*Asked], Made]], Callable[[*Asked], Made]]:
    """Have a function make things from content once while nothing approved changes.

    Things are made anew each day too, since review dates pass. The `most` that were asked for
    last are kept. Raises DatabaseError when the database can't say what it holds.
    """

    def remembering(make: Callable[[*Asked], Made]) -> Callable[[*Asked], Made]:
        @lru_cache(maxsize=most)
        def made(_number: int, _day: object, *asked: *Asked) -> Made:
            return make(*asked)

        @wraps(make)
        def ask(*asked: *Asked) -> Made:
            return made(current(), clock.today(), *asked)

        _forgetting.append(made.cache_clear)
        return ask

    return remembering


def forget() -> None:
    """Drop everything that is remembered (tests: in each one's database the number starts anew)."""
    for clear in _forgetting:
        clear()


def bump() -> None:
    """Raise the number, inside the transaction of the change that it stands for."""
    if not ContentVersion.objects.filter(pk=_ONLY).update(number=models.F("number") + 1):
        ContentVersion.objects.create(pk=_ONLY, number=1)
