"""Transfer, joining, handing over, words among staff: refusals first, then that nobody is lost."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, notes, presence, teamwork
from careline.contacts.enums import (
    AuthorKind,
    Channel,
    DeskState,
    EventKind,
    LeftBecause,
    NotJoined,
    Status,
    TransferReason,
)
from careline.contacts.errors import (
    AlreadyThere,
    ContactEnded,
    ContactMoved,
    ContactNotAccepted,
    ContactOffered,
    NobodyTrained,
    NotAllowed,
    NotThere,
    OfferGone,
    PersonBusy,
)
from careline.contacts.models import Contact, StaffPresence
from careline.contacts.routing import actions as routing
from careline.contacts.routing import run, snapshot
from careline.contacts.teamwork import Queue
from careline.contacts.tests.factories import open_chat
from careline.contacts.tests.test_routing_run import at_desk, fresh, kinds
from careline.core import clock
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db
WHY = TransferReason.TOPIC
_SPECIALIST, _VISITOR = AuthorKind.SPECIALIST, AuthorKind.VISITOR
SECONDS = dt.timedelta(seconds=1)


@pytest.fixture
def dana() -> Staff:
    return at_desk("Dana")


@pytest.fixture
def luis(dana: Staff) -> Staff:
    return at_desk("Luis", "en", "es")


@pytest.fixture
def susan() -> Staff:
    return make_staff(Role.SUPERVISOR, alias="Susan")


@pytest.fixture
def contact(dana: Staff) -> Contact:
    """A chat of Dana's."""
    return actions.accept(acting_user=dana, contact_id=open_chat().pk)


def transfer(contact: Contact, who: Staff, to: Staff | Queue, said: str = "") -> Contact:
    given = {"contact_id": contact.pk, "to": to, "reason": WHY, "said": said}
    return teamwork.transfer(acting_user=who, **given)  # type: ignore[arg-type]


def invite(contact: Contact, who: Staff, to: Staff) -> Contact:
    return teamwork.invite(acting_user=who, contact_id=contact.pk, to=to, reason=WHY)


def joined(contact: Contact, dana: Staff, luis: Staff) -> Contact:
    """Let Luis join Dana's chat."""
    invite(contact, dana, luis)
    return teamwork.join(acting_user=luis, contact_id=contact.pk)


def last_body(contact: Contact, kind: EventKind) -> Any:
    return contact.events.filter(kind=kind).latest("seq").body


class TestRefusals:
    def test_who_isnt_on_the_contact_moves_nothing(self, contact: Contact, luis: Staff) -> None:
        for act in (transfer, invite):
            with pytest.raises(NotAllowed):
                act(contact, luis, luis)
        for step in (teamwork.hand_over, teamwork.go_on_alone, teamwork.take_back_invitation):
            with pytest.raises(NotAllowed):
                step(acting_user=luis, contact_id=contact.pk)
        for say in (teamwork.whisper, teamwork.consult, notes.add_note):
            with pytest.raises(NotAllowed):
                say(acting_user=luis, contact_id=contact.pk, text="x", client_id="x")
        with pytest.raises(OfferGone):
            teamwork.join(acting_user=luis, contact_id=contact.pk)
        with pytest.raises(ContactMoved):
            teamwork.leave(acting_user=luis, contact_id=contact.pk)
        assert kinds(contact)[-1] == EventKind.ACCEPTED

    def test_nobody_is_asked_who_takes_no_contacts(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        presence.set_state(acting_user=luis, state=DeskState.MEAL)
        for act in (transfer, invite):
            with pytest.raises(PersonBusy):
                act(contact, dana, luis)
        assert fresh(contact).assignee == dana

    def test_nobody_is_asked_twice_at_once(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        invite(contact, dana, luis)
        other = actions.accept(acting_user=dana, contact_id=open_chat().pk)
        for act in (transfer, invite):
            with pytest.raises(PersonBusy):
                act(other, dana, luis)
        with pytest.raises(ContactOffered):
            invite(contact, dana, at_desk("Mei"))

    def test_a_chat_isnt_sent_where_nobody_is(self, contact: Contact, dana: Staff) -> None:
        with pytest.raises(NobodyTrained):
            transfer(contact, dana, Queue("", "es"))
        with pytest.raises(NobodyTrained):
            transfer(contact, dana, Queue("", "en"))
        assert fresh(contact).assignee == dana

    def test_nothing_of_it_where_nobody_has_the_contact_or_it_has_ended(
        self, contact: Contact, dana: Staff, luis: Staff, susan: Staff
    ) -> None:
        waiting = open_chat(language="es")
        with pytest.raises(ContactNotAccepted):
            transfer(waiting, susan, luis)
        with pytest.raises(ContactNotAccepted):
            teamwork.join(acting_user=susan, contact_id=waiting.pk)
        actions.end(acting_user=dana, contact_id=contact.pk, by=_SPECIALIST)
        with pytest.raises(ContactEnded):
            transfer(contact, dana, Queue("", "en"))
        with pytest.raises(ContactEnded):
            teamwork.join(acting_user=susan, contact_id=contact.pk)

    def test_a_supervisor_writes_only_after_joining(self, contact: Contact, susan: Staff) -> None:
        said = {"contact_id": contact.pk, "text": "hello", "client_id": "s-1"}
        with pytest.raises(NotThere):
            actions.send_specialist_message(acting_user=susan, **said)  # type: ignore[arg-type]
        teamwork.join(acting_user=susan, contact_id=contact.pk)
        actions.send_specialist_message(acting_user=susan, **said)  # type: ignore[arg-type]
        assert kinds(contact)[-2:] == [EventKind.JOINED, EventKind.SPECIALIST_MESSAGE]
        with pytest.raises(AlreadyThere):
            teamwork.join(acting_user=susan, contact_id=contact.pk)


class TestCold:
    def test_to_a_queue_it_waits_there_with_its_place_and_a_next_step(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        moved = transfer(contact, dana, Queue("", "es"), said="speaks Spanish")
        assert (moved.status, moved.language) == (Status.WAITING, "es")
        assert moved.waiting_since == contact.queued_since
        run.route()
        assert fresh(contact).offered_to == luis
        assert last_body(contact, EventKind.NOTE)["text"] == "speaks Spanish"
        assert AuditEntry.objects.filter(action="contact.transfer").count() == 1

    def test_to_a_person_they_are_asked_first_and_take_it(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        moved = transfer(contact, dana, luis)
        assert (moved.status, moved.offered_to) == (Status.WAITING, luis)
        taken = actions.accept(acting_user=luis, contact_id=contact.pk)
        assert taken.assignee == luis

    @pytest.mark.parametrize("declines", [True, False])
    def test_declined_or_lapsed_it_goes_on_through_routing(
        self, contact: Contact, dana: Staff, luis: Staff, declines: bool
    ) -> None:
        mei = at_desk("Mei")
        offer = transfer(contact, dana, luis).offer_seq
        if declines:
            routing.decline(acting_user=luis, contact_id=contact.pk, offer=offer)
        else:
            run.tick(clock.now() + 31 * SECONDS)
        run.route()
        assert fresh(contact).offered_to == mei


class TestWarm:
    def test_both_are_in_it_until_the_first_hands_it_over(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        both = joined(contact, dana, luis)
        assert (both.assignee, both.second, both.invite_seq) == (dana, luis, 0)
        said = {"contact_id": contact.pk, "text": "hello", "client_id": "l-1"}
        actions.send_specialist_message(acting_user=luis, **said)  # type: ignore[arg-type]
        after = teamwork.hand_over(acting_user=dana, contact_id=contact.pk)
        assert (after.assignee, after.second) == (luis, None)
        with pytest.raises(NotAllowed):
            actions.send_specialist_message(
                acting_user=dana, contact_id=contact.pk, text="x", client_id="d-1"
            )

    def test_the_first_goes_on_alone_or_the_second_leaves(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        joined(contact, dana, luis)
        alone = teamwork.go_on_alone(acting_user=dana, contact_id=contact.pk)
        assert (alone.assignee, alone.second) == (dana, None)
        joined(contact, dana, luis)
        teamwork.leave(acting_user=luis, contact_id=contact.pk)
        assert last_body(contact, EventKind.LEFT)["why"] == LeftBecause.OWN
        assert fresh(contact).assignee == dana

    def test_an_invitation_declined_or_taken_back_leaves_it_where_it_was(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        invitation = invite(contact, dana, luis).invite_seq
        with pytest.raises(OfferGone):
            teamwork.decline_invitation(
                acting_user=luis, contact_id=contact.pk, invitation=invitation - 1
            )
        teamwork.decline_invitation(acting_user=luis, contact_id=contact.pk, invitation=invitation)
        assert fresh(contact).assignee == dana
        invite(contact, dana, luis)
        teamwork.take_back_invitation(acting_user=dana, contact_id=contact.pk)
        with pytest.raises(OfferGone):
            teamwork.join(acting_user=luis, contact_id=contact.pk)

    def test_who_is_asked_gets_no_offer_meanwhile_and_counts_as_busier_after(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        invite(contact, dana, luis)
        open_chat(language="es")
        assert run.route() == []
        teamwork.join(acting_user=luis, contact_id=contact.pk)
        [he] = [who for who in snapshot.desk(clock.now()) if who.id == luis.pk]
        assert he.load == 1


class TestHalfFinished:
    """Peers lose people here: what nobody ends, ends by itself."""

    def test_an_unanswered_invitation_lapses(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        invite(contact, dana, luis)
        run.tick(clock.now() + 31 * SECONDS)
        assert last_body(contact, EventKind.INVITATION_OVER)["why"] == NotJoined.TIME
        assert (fresh(contact).assignee, fresh(contact).invite_seq) == (dana, 0)

    def test_a_second_who_says_nothing_or_is_gone_leaves(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        joined(contact, dana, luis)
        _seen(clock.now() + 16 * 60 * SECONDS, dana, luis)
        with time_machine.travel(clock.now() + 16 * 60 * SECONDS, tick=False):
            run.tick()
        assert last_body(contact, EventKind.LEFT)["why"] == LeftBecause.SILENT
        _seen(clock.now(), dana, luis)
        joined(contact, dana, luis)
        later = clock.now() + 6 * 60 * SECONDS
        _seen(later, dana)
        with time_machine.travel(later, tick=False):
            run.tick()
        assert last_body(contact, EventKind.LEFT)["why"] == LeftBecause.LOST
        assert fresh(contact).assignee == dana

    def test_where_only_the_second_is_left_it_becomes_theirs(
        self, contact: Contact, dana: Staff, luis: Staff
    ) -> None:
        joined(contact, dana, luis)
        later = clock.now() + 6 * 60 * SECONDS
        _seen(later, luis)
        with time_machine.travel(later, tick=False):
            run.tick()
        assert (fresh(contact).assignee, fresh(contact).status) == (luis, Status.ASSIGNED)
        assert EventKind.RELEASED not in kinds(contact)


def _seen(at: dt.datetime, *people: Staff) -> None:
    StaffPresence.objects.filter(staff__in=people).update(seen_at=at)


class TestSupervisors:
    def test_a_question_stands_until_a_supervisor_answers(
        self, contact: Contact, dana: Staff, susan: Staff
    ) -> None:
        asked = {"contact_id": contact.pk, "text": "What do I say?"}
        teamwork.consult(acting_user=dana, client_id="q-1", **asked)  # type: ignore[arg-type]
        assert [one.pk for one in Contact.objects.with_question()] == [contact.pk]
        teamwork.whisper(acting_user=dana, client_id="q-2", **asked)  # type: ignore[arg-type]
        assert Contact.objects.with_question().exists()
        teamwork.whisper(acting_user=susan, client_id="q-3", **asked)  # type: ignore[arg-type]
        assert not Contact.objects.with_question().exists()

    def test_taking_over_makes_it_theirs(self, contact: Contact, dana: Staff, susan: Staff) -> None:
        teamwork.join(acting_user=susan, contact_id=contact.pk)
        with pytest.raises(NotAllowed):
            teamwork.take_over(acting_user=dana, contact_id=contact.pk)
        taken = teamwork.take_over(acting_user=susan, contact_id=contact.pk)
        assert (taken.assignee, taken.supervisor) == (susan, None)


class TestFinishingARecord:
    def state(self, staff: Staff) -> DeskState:
        return presence.state_of(staff)

    @pytest.mark.parametrize("skip", [True, False])
    def test_ending_a_chat_keeps_new_ones_away_until_its_record_is_kept_or_skipped(
        self, contact: Contact, dana: Staff, skip: bool
    ) -> None:
        with pytest.raises(ContactMoved):
            actions.skip_record(acting_user=dana, contact_id=contact.pk)
        actions.end(acting_user=None, contact_id=contact.pk, by=_VISITOR)
        assert self.state(dana) is DeskState.AFTER_CALL
        open_chat()
        assert run.route() == []
        if skip:
            actions.skip_record(acting_user=dana, contact_id=contact.pk)
        else:
            actions.wrap_up(acting_user=dana, contact_id=contact.pk, record=actions.Record())
        assert self.state(dana) is DeskState.AVAILABLE
        assert not Contact.objects.to_wrap_up(dana).exists()
        assert run.route() or Contact.objects.offered_to_staff(dana).exists()

    def test_a_record_that_is_missing_from_before_holds_up_nobody(
        self, contact: Contact, dana: Staff
    ) -> None:
        old = actions.accept(acting_user=dana, contact_id=open_chat().pk)
        with time_machine.travel(clock.now() - 3600 * SECONDS, tick=False):
            actions.end(acting_user=None, contact_id=old.pk, by=_VISITOR)
        presence.set_accepting(acting_user=dana, accepting=True)
        actions.end(acting_user=None, contact_id=contact.pk, by=_VISITOR)
        actions.skip_record(acting_user=dana, contact_id=contact.pk)
        assert self.state(dana) is DeskState.AVAILABLE

    def test_it_ends_by_the_clock(self, contact: Contact, dana: Staff) -> None:
        actions.end(acting_user=dana, contact_id=contact.pk, by=_SPECIALIST)
        later = clock.now() + 6 * 60 * SECONDS
        _seen(later, dana)
        assert presence.state_of(dana, later) is DeskState.AVAILABLE

    def test_a_break_stays_a_break_and_a_kept_record_is_not_waited_for(
        self, contact: Contact, dana: Staff
    ) -> None:
        other = actions.accept(acting_user=dana, contact_id=open_chat().pk)
        actions.wrap_up(acting_user=dana, contact_id=other.pk, record=actions.Record())
        actions.end(acting_user=dana, contact_id=other.pk, by=_SPECIALIST)
        assert self.state(dana) is DeskState.AVAILABLE
        presence.set_state(acting_user=dana, state=DeskState.MEETING)
        actions.end(acting_user=dana, contact_id=contact.pk, by=_SPECIALIST)
        assert self.state(dana) is DeskState.MEETING


def test_a_callback_may_wait_for_a_shift_that_isnt_there(dana: Staff) -> None:
    callback = actions.request_callback(
        language="en", topic="", text="", start_id=str(uuid.uuid4()), details=actions.Details()
    )
    actions.accept(acting_user=dana, contact_id=callback.pk)
    moved = transfer(callback, dana, Queue("", "es"))
    assert (moved.status, moved.channel, moved.language) == (
        Status.WAITING,
        Channel.CALLBACK,
        "es",
    )
