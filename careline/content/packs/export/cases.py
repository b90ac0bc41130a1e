"""The cases of an exported pack: the file as it came, less what names nothing any more."""

from collections.abc import Collection
from io import StringIO
from typing import Any

from ruamel.yaml import YAML


def without_unknown(text: str, known: Collection[str]) -> tuple[str, list[str]]:
    """Return cases.yaml without the cases whose answers are all unknown, and their questions.

    Where every answer is known, the text is returned as it is, byte for byte.
    """
    writer = YAML(typ="rt")
    writer.width = 100_000
    cases: list[Any] = writer.load(text) or []
    if all(name in known for case in cases for name in _answers(case)):
        return text, []
    kept, gone = type(cases)(), []
    for case in cases:
        named = _answers(case)
        still = [name for name in named if name in known]
        if named and not still:
            gone.append(str(case["question"]))
            continue
        if len(still) < len(named):
            case["answer"] = still
        kept.append(case)
    out = StringIO()
    writer.dump(kept, out)
    return out.getvalue() if kept else "", gone


def _answers(case: Any) -> list[str]:
    named = case.get("answer") or []
    return [named] if isinstance(named, str) else [str(name) for name in named]
