"""No contact is ever stuck, whatever visitors, specialists, crashes and clocks do.

After each step, once the worker has looked: every contact waits with a named next step, is
with somebody who is there, or has ended with a reason; and its row is what its log says. At
the end one trained person comes back and takes what is offered: then nobody waits any more.
"""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from careline.accounts.actions import Training, set_competencies
from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, presence, teamwork, teamwork_clock
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind, DeskState, Status, TransferReason
from careline.contacts.errors import ContactRefused
from careline.contacts.models import Contact, StaffPresence
from careline.contacts.routing import actions as routing
from careline.contacts.routing import run, snapshot
from careline.contacts.routing.decide import (
    AGAIN_AFTER_SECONDS,
    Next,
    Specialist,
    next_step,
)
from careline.contacts.state import derive
from careline.contacts.teamwork import Queue
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.core import clock

START = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)
STEPS = [
    teamwork.hand_over,
    teamwork.go_on_alone,
    teamwork.leave,
    teamwork.take_back_invitation,
]
WHO, WHICH = st.integers(0, 2), st.integers(0, 30)
DANGER = "my chest hurts and I can't breathe"


class Helpline(RuleBasedStateMachine):
    """Three specialists, a supervisor, and whoever comes."""

    people: list[Staff]
    susan: Staff

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.travel = time_machine.travel(START, tick=False)
        self.clock = self.travel.start()
        self.alive = [True, True, True]
        self.numbers = 0
        for who in range(3):
            presence.set_accepting(acting_user=self.people[who], accepting=True)
            # Everybody has something to lose from the start.
            contact = open_chat("hello", language="es" if who == 2 else "en")
            actions.accept(acting_user=self.people[who], contact_id=contact.pk)

    # Visitors.

    @rule(language=st.sampled_from(["en", "es"]), text=st.sampled_from(["", "hello", DANGER]))
    def opens(self, language: str, text: str) -> None:
        open_chat(text, language=language)

    @rule(which=WHICH)
    def visitor_writes(self, which: int) -> None:
        self._try(which, lambda pk: actions.send_visitor_message(**self._words(pk)))

    @rule(which=WHICH)
    def visitor_leaves(self, which: int) -> None:
        by = AuthorKind.VISITOR
        self._try(which, lambda pk: actions.end(acting_user=None, contact_id=pk, by=by))

    # People at the desk; who has crashed does nothing.

    @rule(who=WHO, state=st.sampled_from(list(DeskState)), leaves=st.none() | st.integers(0, 900))
    def says_what_they_do(self, who: int, state: DeskState, leaves: int | None) -> None:
        if self.alive[who]:
            at = None if leaves is None else clock.now() + dt.timedelta(seconds=leaves)
            presence.set_state(acting_user=self.people[who], state=state, leaves_at=at)

    @rule(who=WHO, yes=st.booleans())
    def answers_an_offer(self, who: int, yes: bool) -> None:
        contact = Contact.objects.offered_to_staff(self.people[who]).first()
        if contact is None or not self.alive[who]:
            return
        if yes:
            actions.accept(acting_user=self.people[who], contact_id=contact.pk)
        else:
            given: dict[str, Any] = {"contact_id": contact.pk, "offer": contact.offer_seq}
            routing.decline(acting_user=self.people[who], **given)

    @rule(who=WHO, which=WHICH)
    def takes_from_the_queue(self, who: int, which: int) -> None:
        self._try(which, lambda pk: actions.accept(contact_id=pk, **self._acting(who)), who)

    @rule(who=WHO, which=WHICH)
    def writes(self, who: int, which: int) -> None:
        def write(pk: Any) -> None:
            actions.send_specialist_message(**self._words(pk), **self._acting(who))

        self._try(which, write, who)

    @rule(who=WHO, which=WHICH, back=st.booleans())
    def ends_or_hands_back(self, who: int, which: int, back: bool) -> None:
        def let_go(pk: Any) -> None:
            if back:
                routing.hand_back(contact_id=pk, **self._acting(who))
            else:
                actions.end(contact_id=pk, by=AuthorKind.SPECIALIST, **self._acting(who))

        self._try(which, let_go, who)

    @rule(who=WHO, which=WHICH)
    def supervisor_assigns(self, who: int, which: int) -> None:
        to = self.people[who]
        self._try(which, lambda pk: routing.assign(acting_user=self.susan, contact_id=pk, to=to))

    # Together; half of it is never finished by anybody.

    @rule(who=WHO, which=WHICH, to=WHO, how=st.sampled_from(["person", "queue", "warm"]))
    def moves_it_on(self, who: int, which: int, to: int, how: str) -> None:
        given: dict[str, Any] = {"reason": TransferReason.TOPIC, **self._acting(who)}

        def move(pk: Any) -> None:
            if how == "warm":
                teamwork.invite(contact_id=pk, to=self.people[to], **given)
            elif how == "person":
                teamwork.transfer(contact_id=pk, to=self.people[to], **given)
            else:
                teamwork.transfer(contact_id=pk, to=Queue("", ["en", "es"][to % 2]), **given)

        self._try(which, move, who)

    @rule(who=WHO, yes=st.booleans())
    def answers_an_invitation(self, who: int, yes: bool) -> None:
        contact = Contact.objects.inviting(self.people[who]).first()
        if contact is None or not self.alive[who]:
            return
        if yes:
            teamwork.join(contact_id=contact.pk, **self._acting(who))
        else:
            number = contact.invite_seq
            teamwork.decline_invitation(
                contact_id=contact.pk, invitation=number, **self._acting(who)
            )

    @rule(who=WHO, which=WHICH, step=st.sampled_from(STEPS))
    def takes_a_step(self, who: int, which: int, step: Any) -> None:
        self._try(which, lambda pk: step(contact_id=pk, **self._acting(who)), who)

    @rule(which=WHICH, step=st.sampled_from([teamwork.join, teamwork.take_over, teamwork.leave]))
    def supervisor_steps_in(self, which: int, step: Any) -> None:
        self._try(which, lambda pk: step(acting_user=self.susan, contact_id=pk))

    @rule(who=WHO, which=WHICH, say=st.sampled_from([teamwork.consult, teamwork.whisper]))
    def says_among_staff(self, who: int, which: int, say: Any) -> None:
        self._try(which, lambda pk: say(**self._words(pk), **self._acting(who)), who)

    # What breaks.

    @rule(who=WHO, seconds=st.sampled_from([0, 40, 400]))
    def crashes_or_comes_back(self, who: int, seconds: int) -> None:
        self.alive[who] = not self.alive[who]
        self._pass(seconds)

    @rule(seconds=st.integers(5, 400))
    def time_passes(self, seconds: int) -> None:
        self._pass(seconds)

    @rule(seconds=st.sampled_from([-3600, -90, 3600, 40_000]))
    def the_clock_jumps(self, seconds: int) -> None:
        self.clock.shift(dt.timedelta(seconds=seconds))
        self._beat()

    @rule()
    def the_worker_dies_while_it_looks(self) -> None:
        try:
            with transaction.atomic():
                run.tick()
                raise InterruptedError
        except InterruptedError:
            return

    # What holds.

    @invariant()
    def nobody_is_stuck(self) -> None:
        self._beat()
        run.tick()
        now = clock.now()
        desk = snapshot.desk(now)
        asked: list[int] = []
        for contact in Contact.objects.all():
            assert contact.state == derive(contact_log.after(contact.pk))
            if contact.status == Status.WAITING:
                assert contact.waiting_since == contact.queued_since is not None
            if contact.status == Status.WAITING and contact.offer_seq:
                assert contact.offered_until is not None
                assert dt.timedelta() < contact.offered_until - now <= dt.timedelta(seconds=30)
                assert contact.offered_to is not None
                assert presence.state_of(contact.offered_to) is DeskState.AVAILABLE
                asked.append(contact.offered_to.pk)
            elif contact.status == Status.WAITING:
                self._has_a_next_step(contact, desk, now)
            elif contact.status == Status.ASSIGNED:
                self._is_with_somebody(contact, now)
                self._is_in_good_company(contact, now)
                asked += [contact.invited.pk] if contact.invited else []
            else:
                assert contact.end_reason
        assert len(asked) == len(set(asked))
        assert {who.id for who in desk if who.has_offer} == set(asked)

    def _is_in_good_company(self, contact: Contact, now: dt.datetime) -> None:
        """Nothing that several people began stays half done."""
        if contact.invite_seq:
            assert contact.invited_until is not None
            assert dt.timedelta() < contact.invited_until - now <= dt.timedelta(seconds=30)
        for guest in (contact.second, contact.supervisor):
            if guest and not teamwork_clock.is_here(guest, now, run.LOST_AFTER):
                theirs = contact.events.filter(author=guest)
                assert max(theirs.values_list("created_at", flat=True)) > now - run.LOST_AFTER

    def _has_a_next_step(self, contact: Contact, desk: list[Specialist], now: dt.datetime) -> None:
        step = next_step(snapshot.as_waiting(contact), desk, now.timestamp())
        assert step.kind is not Next.OFFER_NOW
        if step.kind is Next.ASK_ANEW:
            assert step.at is not None
            longest = AGAIN_AFTER_SECONDS * len(contact.passed_by)
            assert 0 < step.at - now.timestamp() <= longest

    def _is_with_somebody(self, contact: Contact, now: dt.datetime) -> None:
        assert contact.accepted_at is not None
        if contact.accepted_at > now - run.LOST_AFTER:
            return
        row = StaffPresence.objects.filter(staff=contact.assignee).first()
        seen = row.seen_at if row else contact.accepted_at
        theirs = contact.events.filter(author=contact.assignee)
        latest = max(seen, *theirs.values_list("created_at", flat=True), contact.accepted_at)
        assert latest > now - run.LOST_AFTER

    def teardown(self) -> None:
        """Let one trained person come back and take what is offered: nobody is left waiting."""
        self.alive = [True, False, False]
        susan, first = self.susan, self.people[0]
        presence.set_capacity(acting_user=susan, staff=first, capacity=1000)
        # For as long as it takes, whatever end of their shift they had said before.
        presence.set_state(acting_user=first, state=DeskState.AVAILABLE, leaves_at=None)
        for _round in range(200):
            run.tick()
            if not Contact.objects.waiting().exists():
                break
            for contact in Contact.objects.offered_to_staff(first):
                actions.accept(acting_user=first, contact_id=contact.pk)
            if not Contact.objects.offered_to_staff(first).exists():
                self._pass(20)
        left = Contact.objects.waiting().count()
        self.travel.stop()
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)
        assert left == 0

    # Helpers.

    def _acting(self, who: int) -> dict[str, Any]:
        return {"acting_user": self.people[who]}

    def _words(self, pk: Any) -> dict[str, Any]:
        self.numbers += 1
        return {"contact_id": pk, "text": "words", "client_id": f"c{self.numbers}"}

    def _try(self, which: int, what: Any, who: int | None = None) -> None:
        contacts = list(Contact.objects.order_by("opened_at", "pk"))
        if not contacts or (who is not None and not self.alive[who]):
            return
        try:
            what(contacts[which % len(contacts)].pk)
        except ContactRefused:
            return

    def _beat(self) -> None:
        for who in range(3):
            if self.alive[who]:
                presence.beat(acting_user=self.people[who])

    def _pass(self, seconds: int) -> None:
        while seconds > 0:
            self.clock.shift(dt.timedelta(seconds=min(seconds, 100)))
            self._beat()
            seconds -= 100


@pytest.mark.django_db
def test_nobody_is_ever_stuck() -> None:
    Helpline.susan = make_staff(Role.SUPERVISOR)
    Helpline.people = [make_specialist(alias) for alias in ("Dana", "Luis", "Mei")]
    until = dt.date(2027, 6, 1)
    for person, languages in zip(Helpline.people, (["en", "es"], ["en"], ["es"]), strict=True):
        trainings = [Training("", language, until) for language in languages]
        set_competencies(person, trainings, acting_user=None)
    run_state_machine_as_test(
        Helpline,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
