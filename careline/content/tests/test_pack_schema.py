"""The documented format of packs is the one that is read."""

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from careline.content.packs.jsonschema import json_schema
from careline.content.packs.read import LISTS

DOCUMENTED = Path(__file__).parents[3] / "docs" / "pack-schema.json"


def test_the_documented_schema_is_current() -> None:
    """Renew it with: careline pack-schema > docs/pack-schema.json"""
    out = StringIO()
    call_command("pack_schema", stdout=out)
    assert DOCUMENTED.read_text(encoding="utf-8") == out.getvalue()
    assert json.loads(out.getvalue()) == json_schema()


def test_every_file_of_a_pack_is_described() -> None:
    described = json_schema()["properties"]
    assert {"pack.yaml", *(f"{name}.yaml" for name in LISTS)} < set(described)
    assert any(name.startswith("pages/") for name in described)


def test_unknown_fields_are_refused_there_too() -> None:
    kinds = json_schema()["$defs"]
    assert all(
        kind["additionalProperties"] is False
        for kind in kinds.values()
        if kind.get("type") == "object"
    )
