import pytest

from careline.accounts.enums import Role
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, present
from careline.contacts.actions import Details
from careline.contacts.enums import AttemptOutcome, EventKind
from careline.contacts.errors import ContactNotAccepted, NotAllowed
from careline.contacts.models import Contact

pytestmark = pytest.mark.django_db


def callback() -> Contact:
    return actions.request_callback(
        language="en",
        topic="",
        text="Please call me",
        start_id="start-1",
        details=Details(phone="+12025550123"),
    )


def test_a_stranger_to_the_contact_notes_nothing() -> None:
    contact = callback()
    mine, other = make_staff(Role.SPECIALIST), make_staff(Role.SPECIALIST)
    actions.accept(acting_user=mine, contact_id=contact.pk)
    for staff in (other, make_staff(Role.EDITOR)):
        with pytest.raises(NotAllowed):
            actions.log_attempt(
                acting_user=staff,
                contact_id=contact.pk,
                outcome=AttemptOutcome.REACHED,
                client_id="attempt-1",
            )


def test_nobody_calls_before_the_contact_is_theirs() -> None:
    with pytest.raises(ContactNotAccepted):
        actions.log_attempt(
            acting_user=make_staff(Role.SUPERVISOR),
            contact_id=callback().pk,
            outcome=AttemptOutcome.REACHED,
            client_id="attempt-1",
        )


def test_an_attempt_is_an_event_that_only_the_desk_sees_and_is_stored_once() -> None:
    contact, staff = callback(), make_staff(Role.SPECIALIST)
    actions.accept(acting_user=staff, contact_id=contact.pk)
    for _ in range(2):
        event = actions.log_attempt(
            acting_user=staff,
            contact_id=contact.pk,
            outcome=AttemptOutcome.NO_ANSWER,
            client_id="attempt-1",
        )
    assert event.body["outcome"] == "no_answer"
    assert contact.events.filter(kind=EventKind.CALL_ATTEMPT).count() == 1
    assert present.for_visitor(event) is None
