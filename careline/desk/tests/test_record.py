import pytest
from django.test import Client
from django.urls import reverse

from careline.contacts import actions
from careline.contacts.enums import AuthorKind
from careline.contacts.models import Contact, ContactRecord

ANSWERS = {
    "caller_type": "family",
    "cancer_type": "liver",
    "subject": "side_effects",
    "found_us": "not_said",
    "disposition": "answered",
}


def keep(client: Client, contact: Contact, **changes: str) -> str:
    path = reverse("desk:record", args=[contact.pk])
    return client.post(path, {**ANSWERS, **changes}, follow=True).content.decode()


@pytest.mark.parametrize(
    "changes", [{"disposition": "cured"}, {"caller_type": "martian"}, {"subject": "x" * 500}]
)
def test_a_faulty_record_is_refused_and_kept_to_be_mended(
    at_desk: Client, mine: Contact, changes: dict[str, str]
) -> None:
    page = keep(at_desk, mine, **changes)
    assert "There is a problem" in page
    assert '<option value="liver" selected>' in page
    assert not ContactRecord.objects.exists()


def test_every_question_may_be_left_or_refused(at_desk: Client, mine: Contact) -> None:
    keep(
        at_desk,
        mine,
        caller_type="",
        cancer_type="not_said",
        subject="",
        found_us="",
        disposition="",
    )
    record = ContactRecord.objects.get(contact=mine)
    assert (record.caller_type, record.cancer_type) == ("", "not_said")


def test_a_record_is_kept_and_can_be_corrected(at_desk: Client, mine: Contact) -> None:
    keep(at_desk, mine)
    page = keep(at_desk, mine, caller_type="patient")
    assert ContactRecord.objects.get(contact=mine).caller_type == "patient"
    assert '<option value="patient" selected>' in page
    mine.refresh_from_db()
    assert not mine.has_ended


def test_keeping_it_can_end_the_contact(at_desk: Client, mine: Contact) -> None:
    keep(at_desk, mine, then="close")
    mine.refresh_from_db()
    assert mine.has_ended
    assert mine.wrapped_up_at


def test_a_contact_that_the_visitor_left_waits_for_its_record(
    at_desk: Client, mine: Contact
) -> None:
    actions.end(acting_user=None, contact_id=mine.pk, by=AuthorKind.VISITOR)
    assert "To wrap up" in at_desk.get("/desk/").content.decode()
    page = keep(at_desk, mine)
    assert "The record is kept." in page
    assert "To wrap up" not in page
