"""Follow-ups and notes: refusals first, then that they last as long as they should, no longer."""

import datetime as dt
import uuid

import pytest
from pytest_django import Settings

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, followups, notes, retention, visitor_actions
from careline.contacts import log as contact_log
from careline.contacts.enums import AttemptOutcome, AuthorKind, EventKind
from careline.contacts.errors import ContactMissing, DateTooLate, NotAllowed
from careline.contacts.followups_models import FollowUp
from careline.contacts.models import Contact
from careline.contacts.tests.factories import accepted_chat, make_specialist
from careline.core import clock

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def contact() -> Contact:
    """A chat of Dana's that has ended."""
    found, _dana = accepted_chat()
    return actions.end(acting_user=None, contact_id=found.pk, by=AuthorKind.VISITOR)


@pytest.fixture
def dana(contact: Contact) -> Staff:
    assert contact.assignee
    return contact.assignee


def agree(contact: Contact, by: Staff, staff: Staff, days: int = 3, key: str = "") -> FollowUp:
    return followups.set_follow_up(
        acting_user=by,
        contact_id=contact.pk,
        staff=staff,
        due_on=clock.today() + days * DAY,
        what="Ask how the scan went",
        key=uuid.UUID(key) if key else uuid.uuid4(),
    )


class TestRefusals:
    def test_only_who_may_read_the_contact_and_only_for_who_serves(
        self, contact: Contact, dana: Staff
    ) -> None:
        with pytest.raises(NotAllowed):
            agree(contact, make_specialist("Luis"), dana)
        with pytest.raises(NotAllowed):
            agree(contact, dana, make_staff(Role.EDITOR))
        with pytest.raises(NotAllowed):
            notes.add_note(
                acting_user=make_specialist("Mei"), contact_id=contact.pk, text="x", client_id="x"
            )

    def test_no_later_than_the_way_to_reach_the_person_is_kept(
        self, contact: Contact, dana: Staff, settings: Settings
    ) -> None:
        settings.RETENTION_DAYS_CONTACT_DETAILS = 10
        latest = followups.latest_day(contact)
        with pytest.raises(DateTooLate) as refused:
            agree(contact, dana, dana, days=11)
        assert refused.value.latest == latest
        agree(contact, dana, dana, days=(latest - clock.today()).days)
        assert retention.purge(clock.now() + 9 * DAY).follow_ups == 0

    def test_nothing_on_a_contact_whose_words_are_gone(self, contact: Contact, dana: Staff) -> None:
        visitor_actions.delete(contact_id=contact.pk)
        with pytest.raises(ContactMissing):
            agree(contact, dana, dana)
        with pytest.raises(ContactMissing):
            notes.add_note(acting_user=dana, contact_id=contact.pk, text="x", client_id="x")


def test_a_second_press_agrees_to_nothing_more(contact: Contact, dana: Staff) -> None:
    key = str(uuid.uuid4())
    assert agree(contact, dana, dana, key=key) == agree(contact, dana, dana, key=key)
    assert Contact.objects.get(pk=contact.pk).follow_ups_open == 1


def test_it_is_ticked_off_once_with_what_came_of_it(contact: Contact, dana: Staff) -> None:
    promise = agree(contact, dana, dana, days=0)
    assert list(FollowUp.objects.of(dana).due()) == [promise]
    reached = AttemptOutcome.REACHED
    for _press in range(2):
        followups.complete(acting_user=dana, follow_up=promise, outcome=reached)
    assert not FollowUp.objects.to_do().exists()
    events = contact_log.after(contact.pk)
    done = [event.body for event in events if event.kind == EventKind.FOLLOW_UP_DONE]
    assert [body["outcome"] for body in done] == ["reached"]
    assert "scan" not in str([event.body for event in events])


class TestRetention:
    def test_a_done_one_goes_after_the_clock_of_contact_details(
        self, contact: Contact, dana: Staff, settings: Settings
    ) -> None:
        open_one, done = agree(contact, dana, dana), agree(contact, dana, dana)
        followups.complete(acting_user=dana, follow_up=done)
        later = clock.now() + (settings.RETENTION_DAYS_CONTACT_DETAILS + 1) * DAY
        assert retention.purge(later, dry_run=True).follow_ups == 1
        assert retention.purge(later).follow_ups == 1
        assert list(FollowUp.objects.all()) == [open_one]

    @pytest.mark.parametrize("by_visitor", [True, False])
    def test_all_go_with_the_words(
        self, contact: Contact, dana: Staff, settings: Settings, by_visitor: bool
    ) -> None:
        agree(contact, dana, dana)
        said = {"acting_user": dana, "contact_id": contact.pk, "client_id": "n"}
        notes.add_note(text="only among us", **said)  # type: ignore[arg-type]
        if by_visitor:
            visitor_actions.delete(contact_id=contact.pk)
        else:
            retention.purge(clock.now() + (settings.RETENTION_DAYS_TRANSCRIPT + 1) * DAY)
        assert not FollowUp.objects.exists()
        assert Contact.objects.get(pk=contact.pk).follow_ups_open == 0
        kinds = {event.kind for event in contact_log.after(contact.pk)}
        assert not kinds - {EventKind.ENDED}
