"""The format of packs as one JSON Schema, made from careline.content.packs.schema."""

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from careline.content.packs import schema
from careline.content.packs.read import LISTS

_FRONT_MATTER = "pages/<language>/<key>.md, between the two lines of ---"


def json_schema() -> dict[str, Any]:
    """Return JSON Schema (2020-12) of a folder: a property for each file, as its YAML is read.

    What no schema of one file can say (that a key named elsewhere exists, that all
    languages have the same labels) is said by `careline load-pack --check`.
    """
    models: dict[str, type[BaseModel]] = {"pack.yaml": schema.PackHeader}
    models |= {f"{name}.yaml": model for name, model in LISTS.items()}
    models[_FRONT_MATTER] = schema.PageHead
    found, whole = models_json_schema([(each, "validation") for each in models.values()])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Careline content pack, format 1",
        "type": "object",
        "properties": {name: found[model, "validation"] for name, model in models.items()},
        "required": ["pack.yaml"],
        "$defs": whole["$defs"],
    }


def as_text() -> str:
    """Return it as docs/pack-schema.json holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
