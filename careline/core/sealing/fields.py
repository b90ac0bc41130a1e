"""Model columns whose value is sealed in the database and plain in Python.

They are opened when they are looked at, not when a row is loaded. Nothing can be asked
of them in a query, and they are written by `save` or `bulk_create` alone: sealing needs the
row that a value belongs to, so `update(column=...)` is refused.
"""

import base64
import json
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from careline.core.sealing.envelope import Sealed, belonging, seal, unseal

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class _Opening(DeferredAttribute):
    """Opens a value at the first look, and keeps it open on the instance."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        """Return the plain value."""
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname, self)
        if value is self:
            value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self.field.opened(value, instance)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Take a plain value, or one as the database holds it."""
        instance.__dict__[self.field.attname] = value


class SealedField(_Binary):
    """A sealed column. `purpose` names what it holds and never changes, whatever the column
    is called; `bound_to` names the fields that tell its row from all others.
    """

    descriptor_class = _Opening

    def __init__(
        self, *args: Any, purpose: str = "", bound_to: tuple[str, ...] = (), **options: Any
    ) -> None:
        self.purpose = purpose
        self.bound_to = tuple(bound_to)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """Return how to make this field again, for migrations."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "purpose": self.purpose, "bound_to": self.bound_to}

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow no question but whether there is a value."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed:
        """Return the value sealed for its row."""
        value = model_instance.__dict__.get(self.attname, Sealed())
        if isinstance(value, Sealed):
            return value  # Loaded and never looked at: it stands as it is.
        return self.sealed(value, model_instance)

    def sealed(self, value: Any, instance: models.Model) -> Sealed:
        """Return a plain value sealed for this row; nothing to say is stored as nothing."""
        plain = self.to_bytes(value)
        return seal(plain, self._belonging(instance)) if plain else Sealed()

    def opened(self, value: Sealed, instance: models.Model) -> Any:
        """Return the plain value. Raises CannotOpen."""
        return self.from_bytes(unseal(value, self._belonging(instance)) if value else b"")

    def _belonging(self, instance: models.Model) -> bytes:
        return belonging(self.purpose, *(getattr(instance, name) for name in self.bound_to))

    def from_db_value(self, value: Any, *_more: Any) -> Sealed:
        """Return what the database holds, still sealed."""
        return Sealed(bytes(value or b""))

    def get_prep_value(self, value: Any) -> Any:
        """Let sealed values and nothing pass, never a plain one."""
        if value and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: it is written by save or bulk_create.")
        return super().get_prep_value(value)

    def get_default(self) -> Any:
        """Return the value of a row that says nothing."""
        return self.from_bytes(b"")

    def value_to_string(self, obj: models.Model) -> str:
        """Return the value for an export, sealed as in the database."""
        return base64.b64encode(self.pre_save(obj, add=False)).decode()

    def to_python(self, value: Any) -> Any:
        """Return the value of an export."""
        return Sealed(base64.b64decode(value)) if isinstance(value, str) else value

    def to_bytes(self, value: Any) -> bytes:
        """Return what to seal; empty for nothing."""
        raise NotImplementedError

    def from_bytes(self, plain: bytes) -> Any:
        """Return the value that was sealed; of nothing, the value that says nothing."""
        raise NotImplementedError


class SealedTextField(SealedField):
    """A text."""

    def to_bytes(self, value: Any) -> bytes:
        """Return the text as UTF-8."""
        return str(value or "").encode()

    def from_bytes(self, plain: bytes) -> str:
        """Return the text."""
        return plain.decode()


class SealedJSONField(SealedField):
    """An object of JSON."""

    def to_bytes(self, value: Any) -> bytes:
        """Return the object as compact JSON."""
        return _JSON.encode(value).encode()

    def from_bytes(self, plain: bytes) -> dict[str, Any]:
        """Return the object."""
        return cast(dict[str, Any], json.loads(plain)) if plain else {}
