"""Who else is in a contact, who can be asked, and what was said among staff: for its page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careline.accounts.models import Staff
from careline.accounts.permissions import may_supervise
from careline.contacts.enums import EventKind, Status
from careline.contacts.followups_models import FollowUp
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.permissions import may_conclude, may_speak
from careline.core import clock
from careline.desk.team_forms import AmongForm, FollowUpForm, TransferForm, fresh_key


@dataclass(frozen=True)
class Team:
    """Who is in a contact besides whose it is, as one person sees it."""

    contact: Contact
    me: Staff
    supervises: bool
    seconds_left: int

    @property
    def is_open(self) -> bool:
        """Whether somebody has the contact now."""
        return self.contact.status == Status.ASSIGNED

    @property
    def i_joined(self) -> bool:
        """Whether this person is in a colleague's contact."""
        return self.me.pk in (self.contact.second_id, self.contact.supervisor_id)

    @property
    def im_asked(self) -> bool:
        """Whether this person is asked to join."""
        return self.is_open and self.contact.invited_id == self.me.pk

    @property
    def decides(self) -> bool:
        """Whether this person says who goes on: whose contact it is, and supervisors."""
        return self.is_open and may_conclude(self.me, self.contact)

    @property
    def may_join(self) -> bool:
        """Whether a supervisor may join now."""
        free = self.contact.supervisor_id is None and self.contact.assignee_id != self.me.pk
        return self.is_open and self.supervises and free and not self.i_joined

    @property
    def may_take_over(self) -> bool:
        """Whether a supervisor may make it theirs."""
        return self.is_open and self.supervises and self.contact.assignee_id != self.me.pk


def team_of(contact: Contact, me: Staff) -> Team:
    """Return who is in the contact, seen by this person."""
    left = contact.invited_until - clock.now() if contact.invited_until else dt.timedelta()
    seconds = max(0, int(left.total_seconds()))
    return Team(contact, me, may_supervise(me), seconds)


def team_context(
    contact: Contact,
    me: Staff,
    *,
    transfer: TransferForm | None = None,
    among: AmongForm | None = None,
    follow_up: FollowUpForm | None = None,
) -> dict[str, Any]:
    """Return the forms of working together, with those that are being corrected."""
    team = team_of(contact, me)
    promises = FollowUp.objects.filter(contact=contact).select_related("staff")
    return {
        "speaks": may_speak(me, contact),
        "concludes": may_conclude(me, contact),
        "transfer": transfer or (TransferForm(contact=contact) if team.decides else None),
        "among": among or AmongForm(initial={"client_id": fresh_key()}),
        "follow_up": follow_up or FollowUpForm(contact=contact, me=me),
        "follow_ups": promises.to_do(),
    }


def notes_in(events: Sequence[ContactEvent]) -> list[ContactEvent]:
    """Return the notes on a contact, the latest first."""
    return [event for event in reversed(events) if event.kind == EventKind.NOTE]


def shared_reading(events: Sequence[ContactEvent]) -> dict[str, Any] | None:
    """Return the pages and questions that the visitor let us see; None without their consent."""
    shared = [event for event in events if event.kind == EventKind.READING_SHARED]
    return shared[-1].body if shared else None
