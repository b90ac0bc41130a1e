import re
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from careline.accounts.actions import Training, set_competencies
from careline.accounts.models import Staff
from careline.contacts import actions, presence
from careline.contacts.actions import Details
from careline.contacts.models import Contact
from careline.contacts.routing import run
from careline.contacts.tests.factories import open_chat
from careline.core import clock
from careline.desk.keys import SHEET

SCRIPT = settings.BASE_DIR / "careline" / "static" / "js" / "desk.js"
IN_THE_SCRIPT = {"j", "k", "a"}


def keys_on(client: Client, *contacts: Contact) -> set[str]:
    pages = [reverse("desk:contact", args=[contact.pk]) for contact in contacts]
    found: set[str] = set()
    for page in ["/desk/", *pages]:
        found |= set(re.findall(r'data-key="([^"]+)"', client.get(page).content.decode()))
    return found


def test_the_sheet_names_every_key_and_no_other(
    at_desk: Client, dana: Staff, mine: Contact
) -> None:
    callback = actions.request_callback(
        language="en", topic="", text="x", start_id="callback-1", details=Details()
    )
    actions.accept(acting_user=dana, contact_id=callback.pk)
    presence.set_accepting(acting_user=dana, accepting=True)
    until = clock.today()
    set_competencies(dana, [Training("", "en", until)], acting_user=None)
    offered = open_chat()
    run.route()
    script = Path(SCRIPT).read_text()
    assert all(f'event.key === "{key}"' in script for key in IN_THE_SCRIPT)
    assert {entry.key for entry in SHEET} == keys_on(
        at_desk, mine, callback, offered
    ) | IN_THE_SCRIPT


def test_keys_are_on_every_page_and_can_be_turned_off(at_desk: Client, dana: Staff) -> None:
    assert 'data-shortcuts="on"' in at_desk.get("/desk/").content.decode()
    at_desk.post("/desk/keys/", {"shortcuts": "off"})
    dana.refresh_from_db()
    assert not dana.keyboard_shortcuts
    page = at_desk.get("/desk/keys/").content.decode()
    assert 'data-shortcuts="off"' in page
    assert "Turn single keys on" in page
    at_desk.post("/desk/keys/", {"shortcuts": "on"})
    dana.refresh_from_db()
    assert dana.keyboard_shortcuts
