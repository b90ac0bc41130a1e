"""Copies of frozen dataclasses with some values changed."""

from typing import Any, TypeVar

Record = TypeVar("Record")


def replaced(record: Record, **changes: Any) -> Record:
    """Return what `dataclasses.replace` returns, in a tenth of the time.

    For a dataclass of many fields that has neither slots nor a ``__post_init__``. Import it as
    `replace` where only the type checker sees the slow one: that checks the names of `changes`.
    """
    copy = object.__new__(type(record))
    vars(copy).update(vars(record), **changes)
    return copy
