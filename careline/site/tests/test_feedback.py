"""What readers say about a page: who may not, what is not kept, what comes first."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from careline.accounts.enums import Role
from careline.accounts.tests.factories import client_of, make_staff
from careline.content.actions import grant_group_permissions
from careline.content.models import Approval
from careline.core import clock
from careline.core.models import AuditEntry
from careline.core.retention import purge_all
from careline.site.actions import settle_feedback, without_ways_to_find
from careline.site.models import PageFeedback

pytestmark = pytest.mark.django_db
ADDRESS = "/en/feedback/side-effects/"
LIST = "/editor/feedback/"


def note(words: str = "A typo in line two.") -> PageFeedback:
    today = clock.today()
    return PageFeedback.objects.create(
        page_key="side-effects", language="en", words=words, given_on=today, delete_on=today
    )


@pytest.fixture
def editor_client() -> Client:
    grant_group_permissions()
    return client_of(make_staff(Role.EDITOR))


def test_an_unknown_or_withdrawn_page_takes_none(client: Client, pack: None) -> None:
    assert client.post("/en/feedback/nothing/", {"helpful": "yes"}).status_code == 404
    Approval.objects.update(withdrawn_at=clock.now())
    assert client.post(ADDRESS, {"helpful": "yes"}).status_code == 404
    assert not PageFeedback.objects.exists()


def test_another_sites_form_is_refused(client: Client, pack: None) -> None:
    reply = client.post(ADDRESS, {"helpful": "yes"}, headers={"sec-fetch-site": "cross-site"})
    assert reply.status_code == 403
    assert not PageFeedback.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"words": " "},
        {"helpful": "maybe"},
        {"words": "x" * 4001},
        # More than a person may send at once, wherever they send it.
        {"words": "x" * 25_000},
    ],
    ids=["nothing", "blank", "nonsense", "long", "very long"],
)
def test_nothing_or_nonsense_is_refused_and_what_was_typed_stays(
    client: Client, pack: None, sent: dict[str, str]
) -> None:
    reply = client.post(ADDRESS, sent)
    assert reply.status_code == 400
    assert not PageFeedback.objects.exists()
    assert sent.get("words", "").strip() in reply.content.decode()


def test_too_many_from_one_place_are_refused(client: Client, pack: None) -> None:
    replies = [client.post(ADDRESS, {"helpful": "yes"}).status_code for _ in range(21)]
    assert replies[-1] == 429


def test_an_emergency_gets_its_card_first_and_is_not_kept(client: Client, pack: None) -> None:
    page = client.post(ADDRESS, {"words": "I can't breathe"}).content.decode()
    assert page.index("care-card--emergency") < page.index("help-bar")
    assert "Nobody reads this box right away" in page
    assert not PageFeedback.objects.exists()


def test_a_note_about_the_page_that_sounds_like_danger_can_be_sent_all_the_same(
    client: Client, pack: None
) -> None:
    sent = {"words": "You should say to call when I can't breathe", "anyway": "1"}
    page = client.post(ADDRESS, sent).content.decode()
    assert "care-card--emergency" in page
    assert PageFeedback.objects.get().words == sent["words"]


def test_yes_and_no_are_counted_with_the_day_alone(client: Client, pack: None) -> None:
    client.post(ADDRESS, {"helpful": "yes"})
    reply = client.post(ADDRESS, {"helpful": "no"})
    assert [row.helpful for row in PageFeedback.objects.all()] == [True, False]
    assert PageFeedback.objects.first().given_on == clock.today()  # type: ignore[union-attr]
    assert "What is wrong, or missing?" in reply.content.decode()
    assert not reply.cookies


def test_a_note_loses_what_leads_to_its_writer(client: Client, pack: None) -> None:
    client.post(ADDRESS, {"words": "Wrong. Call me: (312) 555-0142 or ann@example.org, 12345678"})
    assert PageFeedback.objects.get().words == "Wrong. Call me: […] or […] […]"


@given(st.text(max_size=200))
def test_hiding_never_fails_and_leaves_no_address(words: str) -> None:
    hidden = without_ways_to_find(f"{words} ann@example.org 1-800-555-0142")
    assert "ann@example.org" not in hidden
    assert "555-0142" not in hidden


def test_the_page_itself_offers_it_without_a_cookie(client: Client, pack: None) -> None:
    reply = client.get("/en/side-effects/")
    assert f'action="{ADDRESS}"' in reply.content.decode()
    assert not reply.cookies


def test_it_goes_when_its_time_is_over(client: Client, pack: None) -> None:
    client.post(ADDRESS, {"words": "A typo."})
    now = clock.now()
    assert purge_all(now, dry_run=False)["site"] == {"feedback": 0}
    later = now + dt.timedelta(days=181)
    assert purge_all(later, dry_run=True)["site"] == {"feedback": 1}
    with time_machine.travel(later, tick=False):
        purge_all(later, dry_run=False)
    assert not PageFeedback.objects.exists()


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.SUPERVISOR])
def test_only_editors_and_reviewers_read_it(client: Client, role: Role) -> None:
    assert client.get(LIST).status_code == 302
    client = client_of(make_staff(role))
    assert client.get(LIST).status_code in (302, 403)
    assert client.post(f"{LIST}{note().pk}/settle/").status_code in (302, 403)
    assert PageFeedback.objects.waiting().exists()


def test_settling_needs_an_editor() -> None:
    with pytest.raises(PermissionDenied):
        settle_feedback(note(), acting_user=make_staff(Role.SPECIALIST))


def test_an_editor_reads_a_note_as_text_and_settles_it(editor_client: Client, pack: None) -> None:
    waiting = note("<script>alert(1)</script>")
    page = editor_client.get(LIST).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert editor_client.post(f"{LIST}{waiting.pk}/settle/").status_code == 302
    waiting.refresh_from_db()
    assert (waiting.words, waiting.settled_on) == ("", clock.today())
    assert AuditEntry.objects.filter(action="site.feedback_settled").exists()
    assert not PageFeedback.objects.waiting().exists()
