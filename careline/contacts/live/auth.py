"""Who is calling: the visitor by the contact's token, staff by their Django session."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.utils.translation import gettext_lazy as _

from careline.accounts.models import Staff
from careline.contacts import tokens, trail
from careline.contacts.enums import AuthorKind
from careline.contacts.live.http import Refusal, Request
from careline.contacts.models import Contact
from careline.contacts.permissions import may_read, may_speak


@dataclass(frozen=True)
class Caller:
    """Somebody who may use a contact; `staff` is None for its visitor."""

    contact_id: uuid.UUID
    staff: Staff | None = None

    @property
    def side(self) -> AuthorKind:
        """On which side of the conversation they are."""
        return AuthorKind.SPECIALIST if self.staff else AuthorKind.VISITOR

    @property
    def name(self) -> str:
        """An opaque name for counting how often they come: this contact's, not a network's.

        Many patients may share the address of one clinic.
        """
        return f"{self.contact_id}:{self.staff.pk if self.staff else 'visitor'}"


class Doorkeeper:
    """Checks callers; what needs the database is done in two threads of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live-auth")

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True)

    async def admit(
        self, request: Request, contact_id: uuid.UUID, *, to_read: bool = False
    ) -> Caller:
        """Return the caller, who may read and write in this contact. Raises Refusal.

        Staff who come to read leave a row in the audit trail. The desk says ``?as=staff``: a
        browser may hold a visitor's token as well.
        """
        if request.parameter("as") != "staff":
            if tokens.contact_id_of(request.cookies) == contact_id:
                return Caller(contact_id)
            raise _closed_to_visitor()
        key = request.cookies.get(settings.SESSION_COOKIE_NAME, "")
        loop = asyncio.get_running_loop()
        staff = await loop.run_in_executor(self._pool, _staff_of, key, contact_id, to_read)
        if staff is None:
            raise Refusal(403, "not_yours", _("This contact isn't yours, or you are signed out."))
        return Caller(contact_id, staff)


def _closed_to_visitor() -> Refusal:
    words = _("We can't find your conversation in this browser. You can start a new one.")
    return Refusal(403, "no_conversation", words)


def _staff_of(session_key: str, contact_id: uuid.UUID, to_read: bool) -> Staff | None:
    """Return the signed-in person if they may use this contact, and note that they read it."""
    if not session_key:
        return None
    close_old_connections()
    try:
        # What Django's own check reads of a request is its session.
        holder = cast(Any, SimpleNamespace(session=SessionStore(session_key)))
        user = auth.get_user(holder)
        contact = Contact.objects.filter(pk=contact_id).first()
        if contact is None or not isinstance(user, Staff) or not user.is_active:
            return None
        # Who only looks in can't write or be seen typing: the visitor doesn't know of them.
        if not (may_read(user, contact) if to_read else may_speak(user, contact)):
            return None
        if to_read:
            trail.note_reading_on(contact, acting_user=user)
        return user
    finally:
        close_old_connections()
