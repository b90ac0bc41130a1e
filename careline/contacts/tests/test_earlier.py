"""An earlier contact is read only where the visitor gave its code. Refusals first."""

import pytest

from careline.accounts.models import Staff
from careline.contacts import actions, visitor_actions
from careline.contacts.earlier import earlier_of, link_earlier
from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.errors import ContactEnded
from careline.contacts.models import Contact
from careline.contacts.permissions import may_read, may_speak
from careline.contacts.tests.factories import make_specialist, open_chat

pytestmark = pytest.mark.django_db


def ended() -> tuple[Contact, str]:
    """Return an earlier contact of Luis's and its code."""
    contact = actions.accept(acting_user=make_specialist("Luis"), contact_id=open_chat().pk)
    code = visitor_actions.give_code(contact_id=contact.pk)
    visitor = AuthorKind.VISITOR
    return actions.end(acting_user=None, contact_id=contact.pk, by=visitor), code


@pytest.fixture
def dana() -> Staff:
    return make_specialist("Dana")


@pytest.fixture
def now(dana: Staff) -> Contact:
    """Dana's chat of today."""
    return actions.accept(acting_user=dana, contact_id=open_chat().pk)


def test_a_code_that_opens_nothing_or_the_contact_itself_shows_nothing(now: Contact) -> None:
    own = visitor_actions.give_code(contact_id=now.pk)
    for code in ("7K2M-94QX-0VTA-HD5C", "", own):
        assert not link_earlier(contact_id=now.pk, code=code)
    assert not earlier_of(now).exists()


def test_nothing_is_shown_in_a_contact_that_has_ended(now: Contact) -> None:
    _earlier, code = ended()
    actions.end(acting_user=None, contact_id=now.pk, by=AuthorKind.VISITOR)
    with pytest.raises(ContactEnded):
        link_earlier(contact_id=now.pk, code=code)
    assert not earlier_of(now).exists()


def test_who_serves_the_new_one_may_read_the_earlier_while_it_goes_on(
    now: Contact, dana: Staff
) -> None:
    earlier, code = ended()
    assert not may_read(dana, earlier)
    assert link_earlier(contact_id=now.pk, code=code)
    assert link_earlier(contact_id=now.pk, code=code)
    assert [one.pk for one in earlier_of(now)] == [earlier.pk]
    assert now.events.filter(kind=EventKind.EARLIER_SHARED).count() == 1
    assert may_read(dana, earlier)
    assert not may_speak(dana, earlier)
    assert not may_read(make_specialist("Mei"), earlier)
    actions.end(acting_user=dana, contact_id=now.pk, by=AuthorKind.SPECIALIST)
    assert not may_read(dana, earlier)


def test_a_contact_that_its_visitor_deleted_is_gone_from_the_list(now: Contact) -> None:
    earlier, code = ended()
    link_earlier(contact_id=now.pk, code=code)
    visitor_actions.delete(contact_id=earlier.pk)
    assert not earlier_of(now).exists()
