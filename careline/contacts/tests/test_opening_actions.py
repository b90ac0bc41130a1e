"""Supervisors change when chat is open: who may, the trace, and who is told."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import DjangoAssertNumQueries

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, hours, opening_actions, opening_rows, presence, tokens
from careline.contacts import log as contact_log
from careline.contacts.enums import EventKind, OneOffKind, Status
from careline.contacts.errors import NotAllowed
from careline.contacts.hours import Reason
from careline.contacts.models import Contact
from careline.contacts.opening_models import EarlyClosing, OneOff, OpeningHours
from careline.contacts.routing import run
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.core import clock
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db
CENTRAL = ZoneInfo("America/Chicago")
MONDAY_NOON = dt.datetime(2026, 11, 9, 12, 0, tzinfo=CENTRAL)
WHY = {"en": "The building is closed.", "es": "El edificio está cerrado."}


@pytest.fixture
def susan() -> Staff:
    return make_staff(Role.SUPERVISOR, alias="Susan")


def trail() -> list[str]:
    entries = AuditEntry.objects.filter(action__startswith="opening.").order_by("pk")
    return list(entries.values_list("action", flat=True))


def test_nobody_but_supervisors_changes_anything() -> None:
    dana, now = make_specialist(), clock.now()
    with pytest.raises(NotAllowed):
        opening_actions.set_week(acting_user=dana, week={0: ""})
    with pytest.raises(NotAllowed):
        opening_actions.use_settings(acting_user=dana)
    with pytest.raises(NotAllowed):
        opening_actions.add_one_off(
            acting_user=dana, kind=OneOffKind.CLOSING, starts_at=now, ends_at=now, reasons=WHY
        )
    with pytest.raises(NotAllowed):
        opening_actions.remove_one_off(acting_user=dana, one_off_id=1)
    with pytest.raises(NotAllowed):
        opening_actions.close_now(acting_user=dana)
    with pytest.raises(NotAllowed):
        opening_actions.open_again(acting_user=dana)
    assert trail() == []


def test_a_row_goes_before_the_settings_until_it_is_gone(susan: Staff) -> None:
    opening_actions.set_week(acting_user=susan, week={0: "13:00-14:00"})
    assert hours.scheduled(MONDAY_NOON).opens_at == MONDAY_NOON + dt.timedelta(hours=1)
    tuesday = MONDAY_NOON + dt.timedelta(days=1)
    assert hours.scheduled(tuesday).chat_open
    opening_actions.set_week(acting_user=susan, week={0: ""})
    assert hours.scheduled(MONDAY_NOON).reason is Reason.OUTSIDE_HOURS
    opening_actions.use_settings(acting_user=susan)
    assert hours.scheduled(MONDAY_NOON).chat_open
    assert trail() == ["opening.hours", "opening.hours", "opening.hours.forget"]
    assert AuditEntry.objects.get(action="opening.hours.forget").detail == {"before": ""}


def test_the_same_hours_again_leave_no_trace(susan: Staff) -> None:
    for _time in range(2):
        opening_actions.set_week(acting_user=susan, week={0: "13:00-14:00"})
    assert trail() == ["opening.hours"]
    assert OpeningHours.objects.count() == 1


def test_a_one_off_holds_and_can_be_taken_back(susan: Staff) -> None:
    row = opening_actions.add_one_off(
        acting_user=susan,
        kind=OneOffKind.CLOSING,
        starts_at=MONDAY_NOON,
        ends_at=MONDAY_NOON + dt.timedelta(hours=1),
        reasons={"en": " Staff training. ", "es": ""},
    )
    with time_machine.travel(MONDAY_NOON, tick=False):
        status = hours.scheduled(MONDAY_NOON)
        assert (status.reason, status.reasons) == (Reason.ONE_OFF, (("en", "Staff training."),))
        for _time in range(2):
            opening_actions.remove_one_off(acting_user=susan, one_off_id=row.pk)
        assert hours.scheduled(MONDAY_NOON).chat_open
    assert not OneOff.objects.exists()
    assert trail() == ["opening.one_off.add", "opening.one_off.remove"]
    assert "training" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_close_now_holds_until_somebody_opens_again(susan: Staff) -> None:
    with time_machine.travel(MONDAY_NOON, tick=False):
        presence.set_accepting(acting_user=make_specialist(), accepting=True)
        assert hours.status().chat_open
        for _press in range(2):
            opening_actions.close_now(acting_user=susan, reasons=WHY)
        assert hours.status().reason is Reason.CLOSED_NOW
        assert hours.status(MONDAY_NOON + dt.timedelta(days=30)).reason is Reason.CLOSED_NOW
        opening_actions.open_again(acting_user=susan)
        assert opening_actions.open_again(acting_user=susan) is None
        assert hours.status().chat_open
    assert trail() == ["opening.close_now", "opening.open_again"]
    assert EarlyClosing.objects.get().opened_by == susan


def test_who_waits_is_told_and_keeps_their_place_and_conversations_go_on(
    susan: Staff, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    dana = make_specialist()
    with time_machine.travel(MONDAY_NOON, tick=False):
        presence.set_accepting(acting_user=dana, accepting=True)
        waiting, talking = open_chat("I wait"), open_chat("I talk")
        actions.accept(acting_user=dana, contact_id=talking.pk)
        with django_capture_on_commit_callbacks(execute=True):
            opening_actions.close_now(acting_user=susan, reasons=WHY)
        assert contact_log.after(waiting.pk)[-1].kind == EventKind.CLOSED_EARLY
        assert contact_log.after(talking.pk)[-1].kind != EventKind.CLOSED_EARLY
        client.cookies[tokens.COOKIE] = tokens.token_of(waiting.pk)
        page = client.get("/en/chat/now/").content.decode()
        assert WHY["en"] in page
        assert "You keep your place" in page
        assert "I wait" in page
        actions.send_visitor_message(contact_id=talking.pk, text="still here", client_id="second")
        actions.accept(acting_user=dana, contact_id=waiting.pk)
        with django_capture_on_commit_callbacks(execute=True):
            opening_actions.open_again(acting_user=susan)
    assert Contact.objects.get(pk=waiting.pk).status == Status.ASSIGNED


def test_with_nobody_left_at_the_desk_who_waits_is_let_go_after_a_while(susan: Staff) -> None:
    with time_machine.travel(MONDAY_NOON, tick=False):
        waiting = open_chat("I wait")
        opening_actions.close_now(acting_user=susan)
        run.end_unserved(MONDAY_NOON + dt.timedelta(minutes=9))
        assert Contact.objects.get(pk=waiting.pk).status == Status.WAITING
        run.end_unserved(MONDAY_NOON + dt.timedelta(minutes=11))
    assert Contact.objects.get(pk=waiting.pk).end_reason == "unserved"


def test_a_chat_that_was_being_begun_is_refused_and_its_words_are_kept(
    susan: Staff, client: Client
) -> None:
    with time_machine.travel(MONDAY_NOON, tick=False):
        presence.set_accepting(acting_user=make_specialist(), accepting=True)
        assert "Start the chat" in client.get("/en/chat/").content.decode()
        opening_actions.close_now(acting_user=susan, reasons=WHY)
        form = {"text": "Words that I typed", "name": "", "topic": "", "start_id": "begin-1234567"}
        page = client.post("/en/chat/", form).content.decode()
    assert not Contact.objects.exists()
    assert "Chat has just closed" in page
    assert "Words that I typed" in page
    assert WHY["en"] in page


def test_asking_costs_one_question_while_nothing_changes(
    django_assert_num_queries: DjangoAssertNumQueries, susan: Staff
) -> None:
    opening_actions.set_week(acting_user=susan, week={0: "13:00-14:00"})
    opening_rows.current()
    with django_assert_num_queries(1):
        opening_rows.current()
