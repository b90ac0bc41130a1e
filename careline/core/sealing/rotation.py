"""A new key: sealing anew all that older keys sealed, then letting the old ones go."""

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from django.apps import apps
from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Substr
from django.utils.module_loading import autodiscover_modules

from careline.core import audit, clock
from careline.core.models import SealingKey
from careline.core.sealing import envelope, keys
from careline.core.sealing.fields import SealedField

_AT_A_TIME = 200  # So that nobody who writes waits long for the lock.
# Other processes look for new keys every few seconds; until then they seal with the old one.
_EVERYBODY_KNOWS_AFTER = dt.timedelta(seconds=60)

# Of what isn't a sealed column: returns how many values were sealed anew; with
# `dry_run`, how many would be.
Resealing = Callable[[bool], int]
_others: dict[str, Resealing] = {}


# Deletes what the keys with other names than these sealed; returns how many rows of each kind.
# With `dry_run` it only counts.
Forgetting = Callable[[Sequence[bytes], bool], dict[str, int]]
_forgetting: list[Forgetting] = []


class KeysMissing(Exception):
    """The database holds what was sealed with keys that this installation doesn't have."""


def reseals(what: str) -> Callable[[Resealing], Resealing]:
    """Register the function that seals other values anew, in a module `sealed`."""

    def register(function: Resealing) -> Resealing:
        _others[what] = function
        return function

    return register


def forgets(function: Forgetting) -> Forgetting:
    """Register the function that deletes what no key opens any more, in a module `sealed`."""
    _forgetting.append(function)
    return function


def check_keys() -> None:
    """Note the current key in the database. Raises KeysMissing where one of its keys isn't here."""
    if missing := missing_keys():
        raise KeysMissing(", ".join(missing))
    SealingKey.objects.get_or_create(name=keys.ring().names[0])


def missing_keys() -> list[str]:
    """Return the names of the keys that sealed something in this database and aren't here."""
    try:
        here = keys.ring().names
    except keys.KeysGone:
        here = []
    known = SealingKey.objects.exclude(name__in=here)
    return list(known.values_list("name", flat=True))


def rotate() -> dict[str, int]:
    """Seal anew what older keys sealed; return how many rows of each kind that was.

    Others may write meanwhile; it can be broken off and done again.
    """
    check_keys()
    counts = {model._meta.label: _reseal(model, fields) for model, fields in _sealed_models()}
    autodiscover_modules("sealed")
    return counts | {what: function(False) for what, function in _others.items()}


def outdated() -> int:
    """Return how many rows an older key still seals."""
    autodiscover_modules("sealed")
    columns = sum(_outdated(model, fields).count() for model, fields in _sealed_models())
    return columns + sum(function(True) for function in _others.values())


def seconds_until_everybody_knows() -> int:
    """Return for how long some process may still seal with an older key, from its memory."""
    name = keys.ring().current.name.hex()
    current, _new = SealingKey.objects.get_or_create(name=name)
    left = current.first_used_at + _EVERYBODY_KNOWS_AFTER - clock.now()
    return max(0, math.ceil(left.total_seconds()))


def drop_old_keys() -> int:
    """Forget the keys that seal nothing any more, and return how many that were.

    Keys of the environment are the deployment's to remove: the database forgets their names.
    """
    current, *old = keys.in_use()
    if not keys.come_from_environment():
        keys.keep([current])
    SealingKey.objects.exclude(name=keys.ring().current.name.hex()).delete()
    return len(old)


def count_lost() -> dict[str, int]:
    """Return how many rows of each kind `forget_lost` would delete now."""
    try:
        ring = keys.ring()
    except keys.KeysGone:
        return _forget(set(), dry_run=True)
    return _forget(set(ring.by_name), dry_run=True)


def forget_lost() -> dict[str, int]:
    """Delete what only lost keys could open, for good; return how many rows of each kind.

    The way on for a service that has lost its keys: until then it doesn't start.
    """
    missing = missing_keys()
    keys.make_first()
    ring = keys.ring()
    counts = _forget(set(ring.by_name), dry_run=False)
    with transaction.atomic():
        SealingKey.objects.exclude(name__in=ring.names).delete()
        check_keys()
        current = SealingKey.objects.get(name=ring.current.name.hex())
        audit.record("keys.forget_lost", current, acting_user=None, missing=missing, **counts)
    return counts


def _forget(names: set[bytes], *, dry_run: bool) -> dict[str, int]:
    autodiscover_modules("sealed")
    heads = [envelope.FORMAT + name for name in names]
    counts: dict[str, int] = {}
    for function in _forgetting:
        counts |= function(heads, dry_run)
    return counts


def unreadable(model: type[models.Model], heads: Sequence[bytes]) -> "models.QuerySet[Any]":
    """Return the rows of which some sealed value begins with none of these heads."""
    fields = next(fields for found, fields in _sealed_models() if found is model)
    return _other_than(model, fields, heads)


def _sealed_models() -> Iterator[tuple[type[models.Model], list[SealedField]]]:
    for model in apps.get_models():
        fields = [field for field in model._meta.local_fields if isinstance(field, SealedField)]
        if fields:
            yield model, fields


def _outdated(
    model: type[models.Model], fields: Sequence[SealedField]
) -> "models.QuerySet[models.Model]":
    """Return the rows of which some value begins with another key's name."""
    return _other_than(model, fields, [envelope.head()])


def _other_than(
    model: type[models.Model], fields: Sequence[SealedField], heads: Sequence[bytes]
) -> "models.QuerySet[models.Model]":
    binary = models.BinaryField()
    allowed = [models.Value(head, output_field=binary) for head in (b"", *heads)]
    wanted = models.Q()
    begins = {}
    for field in fields:
        column = models.ExpressionWrapper(models.F(field.name), output_field=binary)
        name = f"{field.name}_begins"
        begins[name] = Substr(column, 1, envelope.HEAD_BYTES, output_field=binary)
        wanted |= ~models.Q(**{f"{name}__in": allowed})
    return cast(
        "models.QuerySet[models.Model]", model._base_manager.annotate(**begins).filter(wanted)
    )


def _reseal(model: type[models.Model], fields: Sequence[SealedField]) -> int:
    count, last = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                _outdated(model, fields)
                .filter(pk__gt=last)
                .order_by("pk")
                .select_for_update(of=("self",))[:_AT_A_TIME]
            )
            if not rows:
                return count
            for row in rows:
                for field in fields:
                    getattr(row, field.attname)  # Opened here, sealed with the new key below.
            write_sealed(connection, fields, rows)
            count, last = count + len(rows), rows[-1].pk


def write_sealed(
    database: BaseDatabaseWrapper, fields: Sequence[Any], rows: Sequence[models.Model]
) -> None:
    """Write these columns of rows that are there already, sealed with the current key."""
    meta = rows[0]._meta
    quote = database.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key = quote(cast(str, meta.pk.column))
    with database.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {key} = %s",  # noqa: S608
            [
                [*(bytes(field.pre_save(row, add=False)) for field in fields), row.pk]
                for row in rows
            ],
        )
