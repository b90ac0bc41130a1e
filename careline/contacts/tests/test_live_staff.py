"""What is kept of a member of staff lets nobody in for longer than the database says."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts.live.staff import Question, StaffRoom
from careline.contacts.models import Contact
from careline.contacts.tests.factories import accepted_chat, make_specialist, open_chat

pytestmark = pytest.mark.django_db


def asks(staff: Staff, contact: Contact) -> Question:
    return Question(client_of(staff).session.session_key or "", contact.pk, to_read=False)


@pytest.mark.parametrize(
    "ends",
    [
        lambda staff: Session.objects.all().delete(),
        lambda staff: Session.objects.update(expire_date="2020-01-01T00:00Z"),
        lambda staff: Session.objects.update(session_data="nonsense"),
        lambda staff: Staff.objects.filter(pk=staff.pk).update(is_active=False),
        lambda staff: Staff.objects.filter(pk=staff.pk).update(password="another"),
        lambda staff: staff.groups.clear(),
        lambda staff: Contact.objects.update(assignee=make_specialist("Luis")),
        lambda staff: Contact.objects.update(assignee=None),
    ],
)
def test_who_was_let_in_is_refused_as_soon_as_they_may_not(ends: Callable[[Staff], object]) -> None:
    contact, dana = accepted_chat()
    room, question = StaffRoom(), asks(dana, contact)
    assert room.answers([question]) == [dana]
    assert room.answers([question]) == [dana]
    ends(dana)
    assert room.answers([question]) == [None]


def test_a_new_name_and_a_new_role_count_at_once() -> None:
    contact, dana = accepted_chat()
    room, question = StaffRoom(), asks(dana, contact)
    [before] = room.answers([question])
    Staff.objects.filter(pk=dana.pk).update(alias="Danielle")
    dana.groups.add(Group.objects.get_or_create(name="editor")[0])
    [after] = room.answers([question])
    assert before
    assert after
    assert (before.shown_name, after.shown_name) == ("Dana", "Danielle")
    assert after.role_names == {*before.role_names, "editor"}


def test_many_are_answered_each_for_themselves() -> None:
    (one, dana), other, luis = accepted_chat(), open_chat(), make_specialist("Luis")
    nobody = Question("a" * 32, one.pk, to_read=False)
    questions = [asks(dana, one), asks(luis, one), asks(dana, other), nobody]
    assert StaffRoom().answers(questions) == [dana, None, None, None]
