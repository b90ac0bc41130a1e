"""Who is calling: the visitor by the contact's token, staff by their Django session."""

import asyncio
import uuid
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from careline.accounts.models import Staff
from careline.contacts import tokens
from careline.contacts.enums import AuthorKind
from careline.contacts.live.http import Refusal, Request
from careline.contacts.live.staff import Question, StaffRoom


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may use a contact; `staff` is None for its visitor."""

    contact_id: uuid.UUID
    staff: Staff | None = None

    @property
    def side(self) -> AuthorKind:
        """On which side of the conversation they are."""
        return AuthorKind.SPECIALIST if self.staff else AuthorKind.VISITOR

    @property
    def name(self) -> Hashable:
        """Under what to count how often they come: this contact's, not a network's.

        Many patients may share the address of one clinic.
        """
        return (self.contact_id, self.staff.pk if self.staff else "visitor")


class Doorkeeper:
    """Checks callers. A thread asks the database for staff: for all who wait, together."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live-auth")
        self._room = StaffRoom()
        self._asked: list[tuple[Question, asyncio.Future[Staff | None]]] = []
        self._asking = False

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown(wait=True)

    async def admit(
        self, request: Request, contact_id: uuid.UUID, *, to_read: bool = False
    ) -> Caller:
        """Return the caller, who may read and write in this contact. Raises Refusal.

        Staff who come to read leave a row in the audit trail. The desk says ``?as=staff``: a
        browser may hold a visitor's token as well.
        """
        if request.parameter("as") != "staff":
            if tokens.open_with(request.cookies, contact_id):
                return Caller(contact_id)
            raise _closed_to_visitor()
        key = request.cookies.get(settings.SESSION_COOKIE_NAME, "")
        staff = await self._staff(Question(key, contact_id, to_read)) if key else None
        if staff is None:
            raise Refusal(403, "not_yours", _("This contact isn't yours, or you are signed out."))
        return Caller(contact_id, staff)

    def _staff(self, question: Question) -> "asyncio.Future[Staff | None]":
        answer: asyncio.Future[Staff | None] = asyncio.get_running_loop().create_future()
        self._asked.append((question, answer))
        if not self._asking:
            # After this turn of the loop, which may bring more of them.
            self._asking = True
            asyncio.get_running_loop().call_soon(self._ask)
        return answer

    def _ask(self) -> None:
        """Ask for all who wait; who comes meanwhile is asked for next."""
        asked, self._asked = self._asked, []
        self._asking = bool(asked)
        if asked:
            questions = [question for question, _answer in asked]
            loop = asyncio.get_running_loop()
            work = loop.run_in_executor(self._pool, self._room.answers_in_thread, questions)
            work.add_done_callback(lambda done: self._answer(asked, done))

    def _answer(
        self,
        asked: "list[tuple[Question, asyncio.Future[Staff | None]]]",
        done: "asyncio.Future[list[Staff | None]]",
    ) -> None:
        trouble = None if done.cancelled() else done.exception()
        found = [None] * len(asked) if trouble or done.cancelled() else done.result()
        for (_question, answer), staff in zip(asked, found, strict=True):
            if answer.done():
                continue  # They have gone.
            if trouble:
                answer.set_exception(trouble)
            else:
                answer.set_result(staff)
        self._ask()


def _closed_to_visitor() -> Refusal:
    words = _("We can't find your conversation in this browser. You can start a new one.")
    return Refusal(403, "no_conversation", words)
