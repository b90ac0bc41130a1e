"""Working together on a contact at the desk: refusals first, and nothing of it for the visitor."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import actions, followups, notes, presence, teamwork, tokens
from careline.contacts import log as contact_log
from careline.contacts.enums import (
    STAFF_ONLY,
    AuthorKind,
    DeskState,
    EventKind,
    Status,
    TransferReason,
)
from careline.contacts.followups_models import FollowUp
from careline.contacts.live import hub
from careline.contacts.models import Contact, StaffPresence
from careline.contacts.present import _VISITOR_FIELDS, for_visitor
from careline.contacts.tests.factories import open_chat
from careline.core import clock
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SECRET = "only-colleagues-may-read-this"


@pytest.fixture
def here(dana: Staff, luis: Staff) -> None:
    """Dana and Luis take contacts."""
    for person in (dana, luis):
        presence.set_accepting(acting_user=person, accepting=True)


def post(client: Client, name: str, contact: Contact, **fields: Any) -> Any:
    return client.post(reverse(f"desk:{name}", args=[contact.pk]), fields)


def page(client: Client, contact: Contact) -> str:
    return client.get(reverse("desk:contact", args=[contact.pk])).content.decode()


def fresh(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


class TestRefusals:
    def test_a_transfer_to_nobody_keeps_what_was_typed(
        self, at_desk: Client, mine: Contact
    ) -> None:
        reply = post(at_desk, "transfer", mine, to="", reason="topic", said="my words", how="cold")
        assert reply.status_code == 422
        assert "my words" in reply.content.decode()
        assert fresh(mine).status == Status.ASSIGNED

    def test_a_queue_cant_join(self, at_desk: Client, mine: Contact, luis: Staff) -> None:
        callback = actions.request_callback(
            language="en", topic="", text="x", start_id="c", details=actions.Details()
        )
        actions.accept(acting_user=mine.assignee, contact_id=callback.pk)  # type: ignore[arg-type]
        reply = post(at_desk, "transfer", callback, to="queue:en:", reason="topic", how="warm")
        assert reply.status_code == 422
        assert "Choose a person" in reply.content.decode()

    def test_who_is_asked_to_join_sees_only_the_first_words_before(
        self, here: None, at_desk: Client, mine: Contact, luis: Staff
    ) -> None:
        actions.send_visitor_message(contact_id=mine.pk, text="Second words", client_id="v2")
        assert client_of(luis).get(reverse("desk:contact", args=[mine.pk])).status_code == 403
        post(at_desk, "transfer", mine, to=f"person:{luis.pk}", reason="topic", how="warm")
        shown = page(client_of(luis), mine)
        assert "My first words" in shown
        assert "Second words" not in shown
        post(client_of(luis), "step", mine, do="join")
        assert "Second words" in page(client_of(luis), mine)
        assert AuditEntry.objects.filter(action="contact.view", actor=luis).count() == 1

    def test_an_empty_note_says_so(self, at_desk: Client, mine: Contact) -> None:
        reply = post(at_desk, "among", mine, text=" ", kind="note")
        assert reply.status_code == 422
        assert "Write something first." in reply.content.decode()

    def test_a_follow_up_in_the_past_or_after_the_deletion_is_refused(
        self, at_desk: Client, mine: Contact, dana: Staff
    ) -> None:
        for days in (-1, 400):
            day = clock.today() + dt.timedelta(days=days)
            reply = post(at_desk, "follow_up", mine, due_on=day, staff=dana.pk, what="call")
            assert reply.status_code == 422
        assert fresh(mine).follow_ups_open == 0

    def test_nobody_ticks_off_anothers_promise(
        self, at_desk: Client, not_mine: Contact, luis: Staff
    ) -> None:
        promise = _promise(not_mine, luis)
        path = reverse("desk:follow_up_done", args=[promise.pk])
        assert at_desk.post(path).status_code == 403
        promise.refresh_from_db()
        assert promise.done_at is None


def _promise(contact: Contact, staff: Staff, days: int = 0) -> FollowUp:
    return followups.set_follow_up(
        acting_user=staff,
        contact_id=contact.pk,
        staff=staff,
        due_on=clock.today() + dt.timedelta(days=days),
        what=SECRET,
        key=uuid.uuid4(),
    )


class TestTransfer:
    def test_cold_to_a_person(
        self, here: None, at_desk: Client, mine: Contact, luis: Staff
    ) -> None:
        assert f"person:{luis.pk}" in page(at_desk, mine)
        reply = post(
            at_desk, "transfer", mine, to=f"person:{luis.pk}", reason="language", how="cold"
        )
        assert reply.headers["Location"] == reverse("desk:home")
        assert fresh(mine).offered_to == luis
        desk = client_of(luis).get(reverse("desk:home")).content.decode()
        assert "a colleague hands it to you: another language" in desk

    def test_busy_people_and_empty_queues_are_said_kindly(
        self, here: None, at_desk: Client, mine: Contact, luis: Staff
    ) -> None:
        presence.set_state(acting_user=luis, state=DeskState.MEAL)
        reply = post(at_desk, "transfer", mine, to=f"person:{luis.pk}", reason="topic", how="cold")
        assert reply.status_code == 409
        assert "They take no contacts at this moment." in reply.content.decode()

    def test_warm_from_card_to_handing_over(
        self, here: None, at_desk: Client, mine: Contact, luis: Staff, dana: Staff
    ) -> None:
        post(at_desk, "transfer", mine, to=f"person:{luis.pk}", reason="topic", how="warm")
        other = client_of(luis)
        assert "A colleague asks you to join" in other.get("/desk/").content.decode()
        post(other, "step", mine, do="join")
        assert "has joined as a colleague" in page(at_desk, mine)
        assert "Your message to the visitor" in page(other, mine)
        assert "Joined" in other.get("/desk/").content.decode()
        reply = post(at_desk, "step", mine, do="hand_over")
        assert reply.headers["Location"] == reverse("desk:home")
        assert at_desk.get(reverse("desk:contact", args=[mine.pk])).status_code == 403
        assert fresh(mine).assignee == luis

    def test_saying_no(self, here: None, at_desk: Client, mine: Contact, luis: Staff) -> None:
        post(at_desk, "transfer", mine, to=f"person:{luis.pk}", reason="topic", how="warm")
        post(client_of(luis), "not_now", mine, offer=fresh(mine).invite_seq)
        assert fresh(mine).invited is None
        assert "Nobody joined: declined" in page(at_desk, mine)


class TestSupervisors:
    def test_the_question_stands_in_their_list_and_a_whisper_answers_it(
        self, at_desk: Client, mine: Contact, susan: Staff
    ) -> None:
        post(at_desk, "among", mine, text="May I say this?", kind="consulted", client_id="q1")
        desk = client_of(susan)
        assert "Asks a supervisor" in desk.get("/desk/").content.decode()
        assert "May I say this?" in page(desk, mine)
        post(desk, "among", mine, text="Yes, gently.", kind="whisper", client_id="w1")
        assert fresh(mine).consult_since is None
        assert "Yes, gently." in page(at_desk, mine)

    def test_who_looks_in_can_write_only_after_joining(
        self, mine: Contact, susan: Staff, at_desk: Client
    ) -> None:
        desk = client_of(susan)
        assert "Your message to the visitor" not in page(desk, mine)
        assert post(desk, "send", mine, text="hi", client_id="s1").status_code == 409
        post(desk, "step", mine, do="join")
        assert "Your message to the visitor" in page(desk, mine)
        assert "has joined as a supervisor" in page(at_desk, mine)
        post(desk, "step", mine, do="take_over")
        assert fresh(mine).assignee == susan


class TestNothingForTheVisitor:
    """Whatever staff say or do among themselves, in every form that a visitor gets."""

    @pytest.fixture
    def full(self, here: None, mine: Contact, dana: Staff, luis: Staff, susan: Staff) -> Contact:
        """A chat in which everything happened that is for staff only."""
        said = {"contact_id": mine.pk, "text": SECRET}
        notes.add_note(acting_user=dana, client_id="n1", **said)  # type: ignore[arg-type]
        teamwork.consult(acting_user=dana, client_id="c1", **said)  # type: ignore[arg-type]
        teamwork.whisper(acting_user=susan, client_id="w1", **said)  # type: ignore[arg-type]
        _promise(mine, dana)
        given: dict[str, Any] = {"contact_id": mine.pk, "reason": TransferReason.OTHER}
        teamwork.invite(acting_user=dana, to=luis, said=SECRET, **given)
        teamwork.take_back_invitation(acting_user=dana, contact_id=mine.pk)
        teamwork.join(acting_user=susan, contact_id=mine.pk)
        teamwork.transfer(acting_user=dana, to=luis, said=SECRET, **given)
        actions.accept(acting_user=luis, contact_id=mine.pk)
        return mine

    def test_no_kind_that_is_for_staff_is_shown_to_visitors(self) -> None:
        assert not STAFF_ONLY & set(_VISITOR_FIELDS)

    def test_the_stream(self, full: Contact) -> None:
        rendered = [hub._render(event) for event in contact_log.after(full.pk)]
        told = b"".join(each.chunks.get(AuthorKind.VISITOR, b"") for each in rendered).decode()
        desk = b"".join(each.chunks[AuthorKind.SPECIALIST] for each in rendered).decode()
        assert SECRET in desk
        assert SECRET not in told
        kinds = {json.loads(line[6:])["kind"] for line in told.split("\n") if line[:5] == "data:"}
        assert kinds == {"visitor_message", "accepted", "handing_over"}

    def test_pages_transcript_and_download(self, full: Contact) -> None:
        visitor = Client()
        visitor.cookies[tokens.COOKIE] = tokens.token_of(full.pk)
        for name in ("chat_now", "chat_top", "own", "own_print", "own_file"):
            shown = visitor.get(reverse(f"contacts:{name}")).content.decode()
            assert SECRET not in shown, name
            assert "whisper" not in shown.lower(), name
            assert "supervisor" not in shown.lower(), name
        assert "Susan has joined." in visitor.get(reverse("contacts:chat_now")).content.decode()

    def test_the_bodies_that_visitors_get_hold_only_what_is_named(self, full: Contact) -> None:
        allowed = {"seq", "kind", "author", "at", "client_id", "text", "name", "level"}
        for event in contact_log.after(full.pk):
            shown = for_visitor(event)
            assert shown is None or set(shown) <= allowed


class TestNotesAndPromises:
    def test_a_promise_shows_when_due_opens_the_contact_and_is_ticked_off(
        self, at_desk: Client, mine: Contact, dana: Staff, luis: Staff
    ) -> None:
        tomorrow = clock.today() + dt.timedelta(days=1)
        fields = {"due_on": tomorrow, "staff": luis.pk, "what": "Call again"}
        assert post(at_desk, "follow_up", mine, **fields).status_code == 302
        other = client_of(luis)
        assert "Follow-ups due" not in other.get("/desk/").content.decode()
        promise = FollowUp.objects.get()
        FollowUp.objects.update(due_on=clock.today())
        assert "Follow-ups due" in other.get("/desk/").content.decode()
        assert "Call again" in page(other, mine)
        other.post(reverse("desk:follow_up_done", args=[promise.pk]), {"outcome": "reached"})
        assert fresh(mine).follow_ups_open == 0
        assert other.get(reverse("desk:contact", args=[mine.pk])).status_code == 403

    def test_supervisors_see_what_is_overdue(
        self, mine: Contact, dana: Staff, susan: Staff
    ) -> None:
        _promise(mine, dana)
        desk = client_of(susan)
        assert "Follow-ups due" not in desk.get("/desk/").content.decode()
        FollowUp.objects.update(due_on=clock.today() - dt.timedelta(days=1))
        assert "overdue" in desk.get("/desk/").content.decode()

    def test_a_note_after_the_end_and_going_on_without_a_record(
        self, here: None, at_desk: Client, mine: Contact, dana: Staff
    ) -> None:
        post(at_desk, "end", mine)
        assert "Go on without a record" in page(at_desk, mine)
        assert presence.state_of(dana) is DeskState.AFTER_CALL
        post(at_desk, "among", mine, text="Was calm at the end", kind="note", client_id="n")
        assert "Was calm at the end" in page(at_desk, mine)
        post(at_desk, "skip_record", mine)
        assert presence.state_of(dana) is DeskState.AVAILABLE
        assert "To wrap up" not in at_desk.get("/desk/").content.decode()


def test_a_flag_names_its_rule_and_its_words(at_desk: Client, dana: Staff) -> None:
    contact = open_chat("I can't breathe since the infusion")
    actions.accept(acting_user=dana, contact_id=contact.pk)
    shown = page(at_desk, contact)
    assert "cannot breathe (“can&#x27;t breathe”)" in shown or "Can&#x27;t breathe (“" in shown


def test_what_was_read_and_asked_shows_only_when_it_was_shared(
    at_desk: Client, mine: Contact
) -> None:
    assert "What they read and asked" not in page(at_desk, mine)
    body = {"questions": ["is itching normal"], "pages": [{"url": "/en/x/", "title": "Itching"}]}
    kind, visitor = EventKind.READING_SHARED, AuthorKind.VISITOR
    contact_log.append(contact_log.Draft(mine.pk, kind, visitor, body))
    shown = page(at_desk, mine)
    assert "is itching normal" in shown
    assert 'href="/en/x/"' in shown


def test_sound_and_notices_are_off_until_asked_for(at_desk: Client, dana: Staff) -> None:
    home = at_desk.get("/desk/").content.decode()
    assert "data-sound" not in home
    assert "data-notices=" not in home
    at_desk.post("/desk/notices/", {"sound": "on", "desktop": "on"})
    home = at_desk.get("/desk/").content.decode()
    assert "data-sound" in home
    assert 'data-notices="Something is new at the desk."' in home
    assert StaffPresence.objects.filter(staff=dana).exists()
