"""What each side sees of an event: the same for the stream and for the page."""

from typing import Any

from careline.contacts.enums import AuthorKind, EventKind, ReleaseReason
from careline.contacts.models import ContactEvent

# What a visitor reads when their specialist gives them to the right colleague.
HANDING_OVER = "handing_over"
# What a visitor sees of each kind; a kind that isn't here is for the desk alone.
_VISITOR_FIELDS: dict[str, tuple[str, ...]] = {
    EventKind.VISITOR_MESSAGE: ("text",),
    EventKind.SPECIALIST_MESSAGE: ("text", "name"),
    EventKind.APPROVED_SENTENCE: (
        "text",
        "name",
        "page",
        "url",
        "reviewed_on",
        "reviewer",
        "sources",
    ),
    EventKind.ACCEPTED: ("name",),
    EventKind.ASSIGNED: ("name",),
    EventKind.RELEASED: ("name",),
    EventKind.JOINED: ("name",),
    EventKind.LEFT: ("name",),
    EventKind.HANDED_OVER: ("name", "by"),
    EventKind.IDLE_WARNED: ("minutes",),
    EventKind.CLOSED_EARLY: (),
    EventKind.OPEN_AGAIN: (),
    EventKind.FLAG: ("level",),
    EventKind.VISITOR_FILE: ("key", "type", "number"),
    EventKind.ENDED: ("by",),
}


def for_visitor(event: ContactEvent) -> dict[str, Any] | None:
    """Return the event as its visitor may see it, or None if it isn't for them."""
    fields = _VISITOR_FIELDS.get(event.kind)
    if fields is None:
        return None
    shown = _common(event)
    shown["kind"] = _kind_for_visitor(event)
    shown.update({name: event.body[name] for name in fields if name in event.body})
    if event.author_kind == AuthorKind.VISITOR:
        shown["client_id"] = event.client_id
    return shown


def _kind_for_visitor(event: ContactEvent) -> str:
    if event.kind in (EventKind.ASSIGNED, EventKind.JOINED):
        return EventKind.ACCEPTED.value  # How somebody came to join is the desk's matter.
    if event.kind == EventKind.RELEASED and event.body.get("why") == ReleaseReason.TRANSFERRED:
        return HANDING_OVER
    return event.kind


def for_desk(event: ContactEvent) -> dict[str, Any]:
    """Return the whole event, as the desk sees it."""
    shown = _common(event)
    shown["body"] = event.body
    shown["author_id"] = event.author_id
    if event.author_kind != AuthorKind.VISITOR:
        shown["client_id"] = event.client_id
    return shown


def _common(event: ContactEvent) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "kind": event.kind,
        "author": event.author_kind,
        "at": event.created_at.isoformat(timespec="seconds"),
    }
