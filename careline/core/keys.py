"""The hidden key of a form, by which a second press of its button stores nothing."""

import re
import uuid
from typing import Any

from django import forms

_KEY = re.compile(r"[\w.:-]{1,64}", re.ASCII)


class KeyField(forms.Field):
    """A key that came with the page; a missing or strange one is replaced, never refused.

    Nobody can mend a field that they can't see.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> str:
        """Return the key, or a fresh one."""
        return value if isinstance(value, str) and _KEY.fullmatch(value) else uuid.uuid4().hex
