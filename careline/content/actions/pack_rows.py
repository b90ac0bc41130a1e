"""Bringing one stored row, and the rows under it, to what a pack says."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def bring(model: type[Row], key: str, values: dict[str, Any]) -> tuple[Row, bool, bool]:
    """Return (row, created, changed) for the row with this primary key and these values."""
    row = model._default_manager.filter(pk=key).first()
    if row is None:
        return model._default_manager.create(pk=key, **values), True, False
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return row, False, bool(changed)


def bring_links(manager: Any, keys: Iterable[str]) -> bool:
    """Make a many-to-many hold exactly these keys; return whether that changed it."""
    wanted = set(keys)
    if set(manager.values_list("pk", flat=True)) == wanted:
        return False
    manager.set(manager.model.objects.filter(pk__in=wanted))
    return True


def bring_children(manager: Any, rows: Sequence[dict[str, Any]]) -> bool:
    """Make the rows under a parent exactly these; return whether that changed them."""
    names = list(rows[0]) if rows else ["pk"]
    if list(manager.order_by("pk").values(*names)) == list(rows):
        return False
    manager.all().delete()
    for row in rows:
        manager.create(**row)
    return True
