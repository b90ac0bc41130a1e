"""From the blocks of a page's text to the body that Wagtail stores."""

import uuid
from typing import Any

from careline.content.packs.markdown import Block, PageText

_NAMESPACE = uuid.UUID("0d5a3b1e-6a8e-4b0a-9f0f-3b7a54f2f8aa")


def body_of(page: PageText) -> list[dict[str, Any]]:
    """Return the raw stream of the page's body.

    Block ids follow from page, language and place, so that the same text always
    makes the same body.
    """
    name = f"{page.head.key}:{page.language}"
    return [
        {"type": block.kind, "value": _value(block, f"{name}:{n}"), "id": _id(f"{name}:{n}")}
        for n, block in enumerate(page.blocks)
    ]


def conflicts_in(page: PageText) -> list[str]:
    """Return the keys of the conflicts that the page shows."""
    return [block.argument for block in page.blocks if block.kind == "conflict"]


def _value(block: Block, name: str) -> Any:
    match block.kind:
        case "heading":
            return {"text": block.text, "anchor": block.argument}
        case "passage":
            return {"style": block.argument, "sentences": _sentences(block, name)}
        case "adverse_events":
            return {"tier": block.argument}
        case "conflict":
            return block.argument
    return None


def _sentences(block: Block, name: str) -> list[dict[str, Any]]:
    return [
        _item(
            {
                "text": each.text,
                "label": each.label,
                "sources": [_item(key, f"{name}:{n}:{key}") for key in dict.fromkeys(each.sources)],
            },
            f"{name}:{n}",
        )
        for n, each in enumerate(block.sentences)
    ]


def _item(value: Any, name: str) -> dict[str, Any]:
    return {"type": "item", "value": value, "id": _id(f"item:{name}")}


def _id(name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, name))
