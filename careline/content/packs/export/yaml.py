"""Entries as YAML: fields in the schema's order, nothing that is a default, one line per text."""

from enum import Enum
from io import StringIO
from typing import Any

from pydantic import BaseModel, HttpUrl
from ruamel.yaml import YAML

_WIDEST = 100_000  # Never folded, so that a changed word is a change of one line.


def as_yaml(data: BaseModel | list[Any]) -> str:
    """Return the entry, or list of entries, as YAML text that ends with a line end."""
    writer = YAML(typ="rt")
    writer.default_flow_style = False
    writer.width = _WIDEST
    writer.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    if isinstance(data, list):
        writer.indent(mapping=2, sequence=2, offset=0)
        writer.dump([_plain(each) for each in data], out)
    else:
        writer.dump(_plain(data), out)
    return out.getvalue()


def _plain(value: Any) -> Any:
    """Return the value as YAML's own maps, lists, texts, numbers and dates."""
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(by_alias=True, exclude_defaults=True))
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, HttpUrl) else value
