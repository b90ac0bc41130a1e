"""When live chat is open, in the service's own time zone.

`scheduled` knows the plan only (hours, holidays, one-offs, "close now"); `status` also asks
whether somebody takes contacts and whether the queue has room. "Open" must be true.
"""

import datetime as dt
from dataclasses import replace

from django.conf import settings

from careline.contacts import opening_plan, opening_rows, presence
from careline.contacts.models import Contact
from careline.contacts.opening_plan import OpeningStatus as OpeningStatus
from careline.contacts.opening_plan import Plan
from careline.contacts.opening_plan import Reason as Reason
from careline.core import clock


def status(now: dt.datetime | None = None) -> OpeningStatus:
    """Return whether a chat can be opened now: the plan, people and room in the queue."""
    now = now or clock.now()
    planned = scheduled(now)
    if not planned.chat_open:
        return planned
    if not presence.anyone_accepting(now):
        return replace(planned, chat_open=False, reason=Reason.NOBODY_ACCEPTING)
    if Contact.objects.chats().waiting().count() >= settings.CHAT_QUEUE_CAP:
        return replace(planned, chat_open=False, reason=Reason.QUEUE_FULL)
    return planned


def scheduled(now: dt.datetime, plan: Plan | None = None) -> OpeningStatus:
    """Return what the plan says of this moment; the plan as it stands unless one is given."""
    return opening_plan.said(plan or opening_rows.current(), now)
