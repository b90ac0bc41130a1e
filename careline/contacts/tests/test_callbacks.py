"""A promised call: never without a next step, and its visitor can see and change it."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from careline.accounts.enums import Role
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, callbacks, opening_actions, tokens
from careline.contacts import log as contact_log
from careline.contacts.actions import Details
from careline.contacts.enums import (
    AttemptOutcome,
    AuthorKind,
    CallbackWindow,
    EndReason,
    EventKind,
    Label,
    Status,
)
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.state import labels
from careline.contacts.tests.factories import make_specialist, open_chat

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Chicago")
TUESDAY = dt.datetime(2026, 11, 24, 8, 0, tzinfo=ZONE)
MORNING, WEDNESDAY = "2026-11-24.morning", "2026-11-25.morning"
PHONE = "+13125550100"


@pytest.fixture(autouse=True)
def _on_tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


def wanted(key: str = WEDNESDAY, *, phone: str = PHONE, zone: str = "") -> Contact:
    time = callbacks.chosen(key)
    assert time is not None
    return actions.request_callback(
        language="en",
        topic="",
        text="",
        start_id=str(uuid.uuid4()),
        details=Details(phone=phone, window=time.part),
        time=time,
        zone=zone,
    )


def tried(contact: Contact, outcome: AttemptOutcome) -> None:
    specialist = make_specialist(f"Dana {uuid.uuid4().hex[:6]}")
    actions.accept(acting_user=specialist, contact_id=contact.pk)
    actions.log_attempt(
        acting_user=specialist, contact_id=contact.pk, outcome=outcome, client_id="a"
    )


def at(contact: Contact, text: str) -> Contact:
    """Let the clock say this, and do what time brings."""
    moment = dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)
    with time_machine.travel(moment, tick=False):
        callbacks.tick()
    contact.refresh_from_db()
    assert not contact_log.mend(contact.pk, keep=False)  # The row is what the log says.
    return contact


def kinds(contact: Contact) -> list[str]:
    return [event.kind for event in contact_log.after(contact.pk)]


def window(contact: Contact) -> str:
    assert contact.call_from is not None
    return contact.call_from.astimezone(ZONE).isoformat(timespec="minutes")[:16]


class TestWhatTimeBrings:
    def test_before_its_time_nothing_is_said(self) -> None:
        contact = at(wanted(), "2026-11-24T18:00")
        assert kinds(contact) == ["opened", "call_planned"]
        assert labels(contact.state) == ()

    def test_it_is_due_once_when_its_time_has_come(self) -> None:
        contact = at(wanted(), "2026-11-25T07:00")
        contact = at(contact, "2026-11-25T08:00")
        assert kinds(contact).count(EventKind.CALL_DUE) == 1
        assert labels(contact.state) == (Label.CALL_DUE,)

    def test_a_missed_one_gets_the_next_morning_and_says_so(self) -> None:
        contact = at(wanted(), "2026-11-25T11:00")
        # Thursday is Thanksgiving.
        assert window(contact) == "2026-11-27T07:00"
        assert labels(contact.state) == (Label.CALL_MISSED,)
        contact = at(contact, "2026-11-27T12:00")
        assert (window(contact), contact.calls_missed) == ("2026-11-30T07:00", 2)

    def test_one_that_nobody_dealt_with_for_months_stays_due_and_is_kept_no_longer(self) -> None:
        contact = at(wanted(), "2027-03-01T12:00")
        assert kinds(contact) == ["opened", "call_planned"]
        now = dt.datetime(2027, 3, 1, 12, tzinfo=ZONE)
        assert Contact.objects.requests_in_order(now).first() == contact

    def test_one_that_was_tried_is_planned_again_but_not_missed(self) -> None:
        contact = wanted(MORNING)
        with time_machine.travel(TUESDAY + dt.timedelta(hours=1), tick=False):
            tried(contact, AttemptOutcome.NO_ANSWER)
        contact = at(contact, "2026-11-24T11:00")
        assert (window(contact), contact.calls_missed) == ("2026-11-25T07:00", 0)

    def test_who_was_reached_waits_for_no_call(self) -> None:
        contact = wanted(MORNING)
        tried(contact, AttemptOutcome.REACHED)
        contact = at(contact, "2026-11-25T12:00")
        assert (contact.call_from, labels(contact.state)) == (None, ())

    def test_an_ended_one_is_left_alone(self) -> None:
        contact = wanted()
        actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
        assert kinds(at(contact, "2026-11-25T12:00")) == ["opened", "call_planned", "ended"]

    def test_one_from_an_earlier_version_gets_a_time(self) -> None:
        contact = wanted()
        ContactEvent.objects.filter(contact=contact, kind=EventKind.CALL_PLANNED).purge()
        Contact.objects.filter(pk=contact.pk).update(call_from=None, call_until=None)
        callbacks.tick()
        contact.refresh_from_db()
        assert window(contact) == "2026-11-24T08:00"


def test_after_an_early_closing_calls_begin_tomorrow_and_nobody_is_forgotten(
    settings: Settings,
) -> None:
    supervisor = make_staff(Role.SUPERVISOR)
    opening_actions.close_now(acting_user=supervisor, reasons={})
    assert min(time.starts for time in callbacks.times()).astimezone(ZONE).day == 25
    settings.CHAT_HOURS = {}
    contact = actions.request_callback(
        language="en", topic="", text="", start_id="n", details=Details(phone=PHONE)
    )
    assert (kinds(contact), contact.call_from) == (["opened", "call_planned"], None)
    callbacks.tick()
    settings.CHAT_HOURS = {"2": "07:00-18:30"}
    assert window(at(contact, "2026-11-24T12:00")) == "2026-11-25T07:00"


def test_the_queue_shows_due_calls_first_and_later_ones_last() -> None:
    later, due = wanted(), wanted(MORNING)
    message = actions.leave_message(
        language="en", topic="", text="hello", start_id="m", details=Details()
    )
    danger = actions.request_callback(
        language="en",
        topic="",
        text="I can't breathe",
        start_id="d",
        details=Details(phone=PHONE),
        time=callbacks.chosen(WEDNESDAY),
    )
    now = TUESDAY + dt.timedelta(hours=1)
    order = list(Contact.objects.requests_in_order(now))
    assert order == [danger, due, message, later]


def test_the_desk_reads_the_time_in_the_queue_and_on_both_clocks_in_the_contact(
    client: Client,
) -> None:
    contact, specialist = wanted(zone="America/New_York"), make_specialist()
    client.force_login(specialist)
    told = "Wednesday, November 25, 7 a.m. to 11 a.m. Central"
    assert told in client.get("/desk/").content.decode()
    actions.accept(acting_user=specialist, contact_id=contact.pk)
    page = client.get(f"/desk/contacts/{contact.pk}/").content.decode()
    assert f"{told} (8 a.m. to noon for the visitor)" in page


class TestRefusals:
    def test_a_time_that_has_passed_keeps_what_was_typed(self, client: Client) -> None:
        form = {"phone": "312 555 0100", "window": "2026-11-23.morning", "text": "my words"}
        page = client.post("/en/callback/", form)
        assert page.status_code == 422
        assert "We can&#x27;t call at that time any more" in page.content.decode()
        assert "my words" in page.content.decode()
        assert not Contact.objects.exists()

    @pytest.mark.parametrize("path", ["call/", "call/cancel/"])
    def test_who_holds_no_call_changes_none(self, client: Client, path: str) -> None:
        wanted()
        assert client.post(f"/en/yours/{path}", {"window": MORNING}).status_code == 302
        assert kinds(Contact.objects.get()) == ["opened", "call_planned"]

    def test_a_change_with_a_mistake_changes_nothing(self) -> None:
        contact = wanted()
        page = holding(contact).post("/en/yours/call/", {"phone": "12", "window": MORNING})
        assert page.status_code == 422
        assert kinds(contact) == ["opened", "call_planned"]


class TestOwnCall:
    def test_the_code_shows_where_it_stands_on_both_clocks(self) -> None:
        page = text_of(holding(wanted(zone="America/New_York")).get("/en/yours/"))
        assert "We call you on: Wednesday, November 25, 7 a.m. to 11 a.m. Central" in page
        assert "(8 a.m. to noon on your clock)" in page

    def test_a_missed_one_says_sorry_and_what_comes_next(self) -> None:
        contact = at(wanted(), "2026-11-25T11:00")
        page = text_of(holding(contact).get("/en/yours/"))
        assert "We did not call in the time that we promised. We are sorry." in page
        assert "Friday, November 27, 7 a.m. to 11 a.m. Central" in page

    def test_it_can_be_changed_and_that_takes_the_sorry_away(self) -> None:
        contact = at(wanted(), "2026-11-25T11:00")
        form = {"phone": "312 555 0142", "window": "2026-11-24.afternoon", "voicemail_ok": "yes"}
        holding(contact).post("/en/yours/call/", form)
        contact.refresh_from_db()
        assert (window(contact), contact.calls_missed) == ("2026-11-24T14:00", 0)
        details = contact.details
        assert (details.phone, details.voicemail_ok) == ("+13125550142", True)
        assert details.window == CallbackWindow.AFTERNOON

    def test_cancelled_it_ends_and_nobody_calls(self) -> None:
        contact = wanted()
        browser = holding(contact)
        browser.post("/en/yours/call/cancel/")
        contact.refresh_from_db()
        assert (contact.status, contact.end_reason) == (Status.ENDED, EndReason.CANCELLED)
        page = text_of(browser.get("/en/yours/"))
        assert "Nobody calls you." in page
        assert browser.get("/en/yours/call/").status_code == 302


def test_what_was_written_to_nobody_goes_along_into_a_request(client: Client) -> None:
    contact = open_chat("first words")
    actions.send_visitor_message(contact_id=contact.pk, text="more words", client_id="a")
    reason = EndReason.UNSERVED
    actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.SERVICE, reason=reason)
    page = holding(contact).get("/en/chat/now/").content.decode()
    assert 'name="text" value="first words\nmore words"' in page
    carried = {"carry": "1", "text": "first words\nmore words"}
    form = client.post("/en/callback/", carried).content.decode()
    assert "first words\nmore words</textarea>" in form


def holding(contact: Contact) -> Client:
    browser = Client()
    browser.cookies[tokens.COOKIE] = tokens.token_of(contact.pk)
    return browser


def text_of(page: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page.content.decode()).split())  # type: ignore[attr-defined]
