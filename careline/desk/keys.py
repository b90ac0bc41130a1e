"""The desk's single keys, once: the sheet is made from this, and a test compares the pages."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Key:
    """One key and what it does."""

    key: str
    does: str | Promise


SHEET = (
    Key("?", _("Show or hide these keys")),
    Key("j", _("Go to the next contact in the lists")),
    Key("k", _("Go to the one before")),
    Key("a", _("Accept the contact that is open, or the first that is offered or waits")),
    Key("d", _("Pass on the contact that is offered to you")),
    Key("b", _("Start or end a break")),
    Key("r", _("Write to the visitor")),
    Key("s", _("Go to the reviewed sentences that fit")),
    Key("c", _("Note a call attempt")),
    Key("w", _("Go to the wrap-up")),
    Key("e", _("Go to “End contact”")),
    Key("f", _("Find a reviewed sentence or an article")),
    Key("n", _("Write among staff: a note, a question, a whisper")),
    Key("t", _("Transfer the contact")),
    Key("u", _("Agree on a follow-up")),
    Key("q", _("Go to the queue")),
)
