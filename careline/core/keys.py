"""The hidden key of a form, by which a second press of its button stores nothing."""

import re
import uuid
from typing import Any, TypeGuard

from django import forms

_KEY = re.compile(r"[\w.:-]{1,64}", re.ASCII)


def is_key(value: object) -> TypeGuard[str]:
    """Return whether the value has the form of a key: up to 64 letters, digits and ``_.:-``."""
    return isinstance(value, str) and bool(_KEY.fullmatch(value))


class KeyField(forms.Field):
    """A key that came with the page; a missing or strange one is replaced, never refused.

    Nobody can mend a field that they can't see.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> str:
        """Return the key, or a fresh one."""
        return value if is_key(value) else uuid.uuid4().hex
