"""What was read and asked is shown to the specialist only after a tick, and only what is ours."""

import json
import uuid

import pytest
from django.test import Client
from pytest_django import Settings
from wagtail.models import Locale, Page

from careline.contacts import log as contact_log
from careline.contacts import presence
from careline.contacts.enums import EventKind
from careline.contacts.models import Contact
from careline.contacts.tests.factories import make_specialist

pytestmark = pytest.mark.django_db
ASKED = "Does it hurt?"


@pytest.fixture(autouse=True)
def _open(settings: Settings) -> None:
    settings.CHAT_HOURS = {str(day): "00:00-24:00" for day in range(7)}
    presence.set_accepting(acting_user=make_specialist(), accepting=True)


def start(client: Client, **fields: object) -> dict[str, object] | None:
    form = {"text": "hello", "start_id": str(uuid.uuid4()), **fields}
    assert client.post("/en/chat/", form).status_code == 302
    events = contact_log.after(Contact.objects.get().pk)
    return next((event.body for event in events if event.kind == EventKind.READING_SHARED), None)


def test_without_the_tick_nothing_is_shown_whatever_comes_along(client: Client) -> None:
    assert start(client, shared=json.dumps({"questions": [ASKED]})) is None


@pytest.mark.parametrize(
    "shared",
    ["", "nonsense", "[]", "{}", '{"pages": 3}', '{"pages": [1, null]}', "9" * 30_000, "[" * 9_000],
)
def test_nonsense_refuses_nobody(client: Client, shared: str) -> None:
    assert start(client, shared_reading="yes", shared=shared) is None


def test_pages_are_ours_by_our_own_titles_and_questions_as_they_were_asked(client: Client) -> None:
    english, _new = Locale.objects.get_or_create(language_code="en")
    page = Page(title="Side effects", slug="side-effects", locale=english)
    Page.get_first_root_node().add_child(instance=page)
    told = {
        "pages": [f"/en/{page.slug}/", "/en/not-a-page/", "https://evil.example/", "/desk/"],
        "questions": [ASKED, "x" * 900, "  "],
    }
    body = start(client, shared_reading="yes", shared=json.dumps(told))
    assert body is not None
    assert body["pages"] == [{"url": f"/en/{page.slug}/", "title": page.title}]
    assert body["questions"] == [ASKED, "x" * 500]
