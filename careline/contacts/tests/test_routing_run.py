"""Offers as events of the log: refusals first, then offer, answer, time and next."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection

from careline.accounts.actions import Training, set_competencies
from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, presence
from careline.contacts.actions import Details
from careline.contacts.enums import AuthorKind, DeskState, EndReason, EventKind, Status
from careline.contacts.errors import (
    ContactEnded,
    ContactTaken,
    NotAllowed,
    OfferGone,
)
from careline.contacts.models import Contact, StaffPresence
from careline.contacts.routing import actions as routing
from careline.contacts.routing import run
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.core import clock

MINUTE = dt.timedelta(minutes=1)


def at_desk(alias: str = "Dana", *languages: str) -> Staff:
    """Make a specialist who takes contacts in these languages, else in English."""
    staff = make_specialist(alias)
    until = clock.today() + 30 * dt.timedelta(days=1)
    trainings = [Training("", language, until) for language in languages or ("en",)]
    set_competencies(staff, trainings, acting_user=None)
    presence.set_accepting(acting_user=staff, accepting=True)
    return staff


def fresh(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def offered(contact: Contact) -> str:
    """Return to whom the contact is being offered, by alias."""
    asked = fresh(contact).offered_to
    return asked.alias if asked else ""


def later(seconds: int) -> dt.datetime:
    return clock.now() + dt.timedelta(seconds=seconds)


def kinds(contact: Contact) -> list[str]:
    return list(contact.events.values_list("kind", flat=True))


@pytest.mark.django_db
class TestRefusals:
    def test_only_who_was_asked_can_decline_and_only_this_offer(self) -> None:
        dana, other = at_desk(), make_specialist("Luis")
        contact = open_chat()
        [event] = run.route()
        with pytest.raises(OfferGone):
            routing.decline(acting_user=other, contact_id=contact.pk, offer=event.seq)
        with pytest.raises(OfferGone):
            routing.decline(acting_user=dana, contact_id=contact.pk, offer=event.seq - 1)
        editor = make_staff(Role.EDITOR)
        with pytest.raises(NotAllowed):
            routing.decline(acting_user=editor, contact_id=contact.pk, offer=event.seq)
        assert offered(contact) == "Dana"

    def test_only_supervisors_assign_and_only_to_people_of_the_desk(self) -> None:
        susan, dana = make_staff(Role.SUPERVISOR), make_specialist()
        contact = open_chat()
        with pytest.raises(NotAllowed):
            routing.assign(acting_user=dana, contact_id=contact.pk, to=dana)
        with pytest.raises(NotAllowed):
            routing.assign(acting_user=susan, contact_id=contact.pk, to=make_staff(Role.EDITOR))
        assert fresh(contact).status == Status.WAITING

    def test_an_ended_contact_is_neither_assigned_nor_offered(self) -> None:
        susan, dana = make_staff(Role.SUPERVISOR), at_desk()
        contact = open_chat()
        actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
        with pytest.raises(ContactEnded):
            routing.assign(acting_user=susan, contact_id=contact.pk, to=dana)
        assert run.route() == []

    def test_nobody_hands_back_what_isnt_theirs(self) -> None:
        dana = make_specialist()
        contact = open_chat()
        with pytest.raises(NotAllowed):
            routing.hand_back(acting_user=dana, contact_id=contact.pk)

    def test_expired_certification_gets_no_offer(self) -> None:
        dana = at_desk()
        today = clock.today()
        contact = open_chat()
        set_competencies(dana, [Training("", "en", today - dt.timedelta(days=1))], acting_user=None)
        assert run.route() == []
        set_competencies(dana, [Training("", "en", today)], acting_user=None)
        run.route()
        assert offered(contact) == "Dana"

    def test_a_specialist_who_is_not_one_any_more_gets_no_offer(self) -> None:
        dana = at_desk()
        open_chat()
        dana.groups.clear()
        assert run.route() == []

    def test_callbacks_and_messages_are_taken_from_the_queue(self) -> None:
        at_desk()
        actions.request_callback(
            language="en",
            topic="",
            text="call me",
            start_id="callback-1",
            details=Details(phone="+12025550123"),
        )
        assert run.route() == []


@pytest.mark.django_db
class TestOffers:
    def test_an_offer_says_to_whom_until_when_and_why(self) -> None:
        dana = at_desk()
        contact = open_chat()
        [event] = run.route()
        assert (event.kind, event.body["to"]) == (EventKind.OFFERED, dana.pk)
        assert event.body["because"] == ["longest_wait", "trained_in_language", "only_one_free"]
        kept = fresh(contact)
        assert (kept.offer_seq, kept.status) == (event.seq, Status.WAITING)
        assert run.route() == []

    def test_who_declines_passes_it_to_the_next(self) -> None:
        at_desk("Dana")
        at_desk("Luis")
        contact = open_chat()
        [event] = run.route()
        first = fresh(contact).offered_to
        assert first
        routing.decline(acting_user=first, contact_id=contact.pk, offer=event.seq)
        run.route()
        assert {first.alias, offered(contact)} == {"Dana", "Luis"}

    def test_an_offer_that_nobody_answers_goes_to_the_next_and_twice_means_away(self) -> None:
        dana = at_desk("Dana")
        contact = open_chat()
        run.route()
        run.tick(later(31))
        assert offered(contact) == ""
        assert fresh(contact).passed_by == [dana.pk]
        assert presence.state_of(dana) is DeskState.AVAILABLE
        at_desk("Luis")
        run.tick(later(35))
        assert offered(contact) == "Luis"
        open_chat()
        run.tick(later(36))
        run.tick(later(70))
        assert presence.state_of(dana) is DeskState.AWAY

    def test_a_break_takes_the_open_offer_away_at_once(self) -> None:
        dana = at_desk()
        contact = open_chat()
        run.route()
        presence.set_accepting(acting_user=dana, accepting=False)
        run.tick()
        assert offered(contact) == ""
        assert kinds(contact)[-1] == EventKind.OFFER_LAPSED

    def test_anybody_may_still_take_it_from_the_queue(self) -> None:
        at_desk("Dana")
        contact, luis = open_chat(), make_specialist("Luis")
        run.route()
        actions.accept(acting_user=luis, contact_id=contact.pk)
        kept = fresh(contact)
        assert (kept.assignee, kept.offered_to) == (luis, None)

    def test_nobody_is_asked_beyond_their_number(self) -> None:
        dana = at_desk()
        susan = make_staff(Role.SUPERVISOR)
        with pytest.raises(NotAllowed):
            presence.set_capacity(acting_user=dana, staff=dana, capacity=9)
        presence.set_capacity(acting_user=susan, staff=dana, capacity=1)
        actions.accept(acting_user=dana, contact_id=open_chat().pk)
        open_chat()
        assert run.route() == []

    def test_the_end_of_the_shift_brings_nothing_new_and_takes_nothing_away(self) -> None:
        dana = at_desk()
        mine = open_chat()
        actions.accept(acting_user=dana, contact_id=mine.pk)
        leaves_at = clock.now()
        presence.set_state(acting_user=dana, state=DeskState.AVAILABLE, leaves_at=leaves_at)
        open_chat()
        assert run.route() == []
        assert fresh(mine).assignee == dana
        assert not presence.anyone_accepting()

    def test_a_supervisor_assigns_what_waits_and_what_somebody_has(self) -> None:
        susan, luis = make_staff(Role.SUPERVISOR), make_specialist("Luis")
        contact = open_chat()
        for person in (make_specialist("Dana"), luis):
            routing.assign(acting_user=susan, contact_id=contact.pk, to=person)
            assert fresh(contact).assignee == person
        with pytest.raises(ContactTaken):
            routing.assign(acting_user=susan, contact_id=contact.pk, to=luis)


@pytest.mark.django_db
class TestWhoIsNotThere:
    def test_a_lost_desk_gives_the_contact_back_with_its_place(self) -> None:
        dana = at_desk()
        contact = open_chat()
        since = fresh(contact).waiting_since
        actions.accept(acting_user=dana, contact_id=contact.pk)
        with time_machine.travel(later(290), tick=False):
            run.tick()
            assert fresh(contact).assignee == dana
        with time_machine.travel(later(301), tick=False):
            at_desk("Luis")
            run.tick()
            assert fresh(contact).waiting_since == since
            assert offered(contact) == "Luis"

    def test_who_writes_is_there_whatever_their_browser_can(self) -> None:
        dana = at_desk()
        contact = open_chat()
        actions.accept(acting_user=dana, contact_id=contact.pk)
        with time_machine.travel(later(200), tick=False):
            actions.send_specialist_message(
                acting_user=dana, contact_id=contact.pk, text="hello", client_id="w1"
            )
        run.tick(later(400))
        assert fresh(contact).assignee == dana

    def test_who_is_no_longer_staff_has_no_contacts(self) -> None:
        dana = at_desk()
        contact = open_chat()
        actions.accept(acting_user=dana, contact_id=contact.pk)
        Staff.objects.filter(pk=dana.pk).update(is_active=False)
        run.tick(later(301))
        assert fresh(contact).status == Status.WAITING

    def test_a_lost_chat_is_found_behind_any_number_of_open_requests(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run, "_AT_A_TIME", 2)
        luis, dana = at_desk("Luis"), at_desk()
        requests = [
            actions.request_callback(
                language="en",
                topic="",
                text="call me",
                start_id=f"callback-{number}",
                details=Details(phone="+12025550123"),
            )
            for number in range(3)
        ]
        chat = open_chat()
        for request in requests:
            actions.accept(acting_user=luis, contact_id=request.pk)
        actions.accept(acting_user=dana, contact_id=chat.pk)
        with time_machine.travel(later(301), tick=False):
            presence.beat(acting_user=luis)
            run.release_lost(clock.now())
        assert fresh(chat).status == Status.WAITING
        assert {fresh(request).assignee for request in requests} == {luis}
        # After a day the requests of somebody gone come back too, some at a time.
        for _tick in range(2):
            run.release_lost(later(301 + 24 * 3600))
        assert {fresh(request).status for request in requests} == {Status.WAITING}


@pytest.mark.django_db
class TestSilence:
    def converse(self, text: str = "hello") -> Contact:
        dana = at_desk()
        contact = open_chat(text)
        actions.accept(acting_user=dana, contact_id=contact.pk)
        actions.send_specialist_message(
            acting_user=dana, contact_id=contact.pk, text="Good morning", client_id="w1"
        )
        return contact

    def at(self, minutes: int) -> None:
        moment = clock.now() + minutes * MINUTE
        StaffPresence.objects.update(seen_at=moment)
        with time_machine.travel(moment, tick=False):
            run.tick()

    def test_a_silent_visitor_is_asked_first_and_let_go_later(self) -> None:
        contact = self.converse()
        self.at(9)
        assert EventKind.IDLE_WARNED not in kinds(contact)
        self.at(11)
        self.at(15)
        assert kinds(contact).count(EventKind.IDLE_WARNED) == 1
        assert fresh(contact).status == Status.ASSIGNED
        self.at(17)
        assert fresh(contact).end_reason == EndReason.IDLE

    def test_one_word_is_enough_to_stay(self) -> None:
        contact = self.converse()
        self.at(11)
        actions.send_visitor_message(contact_id=contact.pk, text="yes", client_id="v2")
        self.at(30)
        assert fresh(contact).status == Status.ASSIGNED

    def test_nobody_is_let_go_who_waits_for_our_answer(self) -> None:
        contact = self.converse()
        actions.send_visitor_message(contact_id=contact.pk, text="and then?", client_id="v2")
        self.at(60)
        assert EventKind.IDLE_WARNED not in kinds(contact)

    def test_nobody_in_danger_is_let_go(self) -> None:
        contact = self.converse("my chest hurts and I can't breathe")
        self.at(11)
        self.at(60)
        assert fresh(contact).status == Status.ASSIGNED

    def test_who_waits_after_closing_with_nobody_there_is_told(self) -> None:
        saturday = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
        with time_machine.travel(saturday, tick=False):
            plain, danger = open_chat(), open_chat("my chest hurts and I can't breathe")
        run.tick(saturday + 5 * MINUTE)
        assert fresh(plain).status == Status.WAITING
        run.tick(saturday + 11 * MINUTE)
        assert fresh(plain).end_reason == EndReason.UNSERVED
        assert fresh(danger).status == Status.WAITING


def _in_threads(count: int, work: Callable[[int], object]) -> None:
    def run_one(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run_one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_many_routers_make_one_offer_to_each_and_many_takers_get_one_contact_each() -> None:
    people = [at_desk(f"P{number}") for number in range(4)]
    # Nobody is asked while they open; then everybody is there at once.
    StaffPresence.objects.update(state=DeskState.BREAK)
    contacts = [open_chat() for _ in range(6)]
    StaffPresence.objects.update(state=DeskState.AVAILABLE)
    _in_threads(4, lambda _number: run.route())
    asked = list(Contact.objects.exclude(offered_to=None).values_list("offered_to", flat=True))
    assert sorted(asked) == sorted(person.pk for person in people)
    assert sum(kinds(contact).count(EventKind.OFFERED) for contact in contacts) == 4
    taken: list[int] = []

    def work(number: int) -> None:
        for contact in contacts:
            try:
                actions.accept(acting_user=people[number], contact_id=contact.pk)
                taken.append(number)
            except ContactTaken:
                continue
            run.tick()

    _in_threads(4, work)
    assert len(taken) == 6
    for contact in contacts:
        assert kinds(contact).count(EventKind.ACCEPTED) == 1
        seqs = list(contact.events.values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))
        assert fresh(contact).status == Status.ASSIGNED
