import pytest
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import actions
from careline.contacts.actions import Details
from careline.contacts.enums import AuthorKind, CallbackWindow
from careline.contacts.models import Contact
from careline.contacts.tests.factories import open_chat
from careline.core.models import AuditEntry


def views_of(contact: Contact) -> int:
    return AuditEntry.objects.filter(action="contact.view", subject_id=str(contact.pk)).count()


def show(client: Client, contact: Contact) -> str:
    return client.get(reverse("desk:contact", args=[contact.pk])).content.decode()


def test_a_preview_holds_neither_details_nor_transcript(at_desk: Client, db: None) -> None:
    contact = open_chat("My first words", name="Maria")
    page = show(at_desk, contact)
    assert "My first words" in page
    assert "Maria" not in page
    assert "Your message to the visitor" not in page
    assert views_of(contact) == 0


def test_ones_own_contact_shows_whole_and_leaves_a_trace(
    at_desk: Client, dana: Staff, mine: Contact
) -> None:
    actions.send_visitor_message(contact_id=mine.pk, text="And more", client_id="more-1234")
    page = show(at_desk, mine)
    assert "My first words" in page
    assert "And more" in page
    assert views_of(mine) == 1
    assert AuditEntry.objects.get(action="contact.view").actor == dana


def test_a_supervisor_opens_any_and_leaves_a_trace(susan: Staff, not_mine: Contact) -> None:
    page = show(client_of(susan), not_mine)
    assert "Words for Luis only" in page
    assert "This contact is with Luis." in page
    assert views_of(not_mine) == 1


def test_a_supervisor_reads_what_waits_and_may_accept_it(susan: Staff, waiting: Contact) -> None:
    page = show(client_of(susan), waiting)
    assert "My first words" in page
    assert reverse("desk:accept", args=[waiting.pk]) in page
    assert "Your message to the visitor" not in page


def test_danger_is_marked_in_the_words_and_on_the_side(at_desk: Client, dana: Staff) -> None:
    contact = open_chat("I can't breathe since the infusion")
    actions.accept(acting_user=dana, contact_id=contact.pk)
    page = show(at_desk, contact)
    assert "<mark>" in page
    assert "Red flags" in page
    assert "Emergency" in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("a fever of 101.5 since last night", False),
        ("rash all over my body and bloody diarrhea", True),
    ],
)
def test_two_urgent_signs_together_are_said(
    at_desk: Client, dana: Staff, words: str, told: bool
) -> None:
    contact = open_chat(words)
    actions.accept(acting_user=dana, contact_id=contact.pk)
    assert ("Two or more urgent signs together" in show(at_desk, contact)) == told


def test_the_words_that_raised_a_flag_are_marked_in_messages_and_callbacks(
    at_desk: Client, dana: Staff
) -> None:
    for send in (actions.request_callback, actions.leave_message):
        contact = send(
            language="en",
            topic="",
            text="I have chest pain",
            start_id=f"start-{send.__name__}",
            details=Details(phone="555-0199", email="a@example.org", window=CallbackWindow.MORNING),
        )
        actions.accept(acting_user=dana, contact_id=contact.pk)
        assert "<mark>chest pain</mark>" in show(at_desk, contact)


def test_a_calm_contact_shows_no_flags(at_desk: Client, mine: Contact) -> None:
    page = show(at_desk, mine)
    assert "Red flags" not in page
    assert "<mark>" not in page


def test_typed_html_is_shown_as_text(at_desk: Client, dana: Staff) -> None:
    contact = open_chat("<img src=x onerror=alert(1)> & more")
    actions.accept(acting_user=dana, contact_id=contact.pk)
    page = show(at_desk, contact)
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_after_the_end_only_the_wrap_up_is_left(at_desk: Client, mine: Contact) -> None:
    actions.end(acting_user=None, contact_id=mine.pk, by=AuthorKind.VISITOR)
    page = show(at_desk, mine)
    assert "Your message to the visitor" not in page
    assert "Wrap-up" in page


def test_a_callback_shows_how_to_reach_the_person(at_desk: Client, dana: Staff) -> None:
    contact = callback(voicemail_ok=False)
    assert "555-0123" not in show(at_desk, contact)
    actions.accept(acting_user=dana, contact_id=contact.pk)
    page = show(at_desk, contact)
    assert 'href="tel:+12025550123"' in page
    assert "(202) 555-0123" in page
    assert "Morning" in page
    assert "Don't leave one" in page
    assert "Your message to the visitor" not in page


def callback(*, voicemail_ok: bool) -> Contact:
    return actions.request_callback(
        language="en",
        topic="",
        text="Please call me",
        start_id="callback-1",
        details=Details(
            name="Maria",
            phone="+12025550123",
            window=CallbackWindow.MORNING,
            voicemail_ok=voicemail_ok,
        ),
    )


class TestWhatIsNew:
    """The fragment that the open page asks for."""

    def test_it_starts_after_the_number_and_says_where_it_ends(
        self, at_desk: Client, mine: Contact
    ) -> None:
        actions.send_visitor_message(contact_id=mine.pk, text="And more", client_id="more-1234")
        response = at_desk.get(reverse("desk:log", args=[mine.pk]), {"after": "3"})
        page = response.content.decode()
        assert "And more" in page
        assert "My first words" not in page
        assert response.headers["X-Last-Seq"] == "4"
        assert response.headers["X-Contact-Status"] == "assigned"

    @pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "²"])
    def test_nonsense_reads_from_the_start(
        self, at_desk: Client, mine: Contact, after: str
    ) -> None:
        response = at_desk.get(reverse("desk:log", args=[mine.pk]), {"after": after})
        assert "My first words" in response.content.decode()

    def test_reading_on_isnt_another_view(self, at_desk: Client, mine: Contact) -> None:
        show(at_desk, mine)
        at_desk.get(reverse("desk:log", args=[mine.pk]))
        at_desk.get(reverse("desk:context", args=[mine.pk]))
        assert views_of(mine) == 1
