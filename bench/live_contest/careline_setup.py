# ruff: noqa: E402
"""Conversations that are under way, for bench/live.py.

python -m live_contest.careline_setup CONVERSATIONS FILE

Migrates, makes specialists who are signed in, and for each conversation a contact that
one of them has accepted. The file gets the ids and the cookies.
"""

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.settings.production")

import django

django.setup()

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.contacts import log as contact_log
from careline.contacts import tokens
from careline.contacts.enums import AuthorKind, Channel, EventKind
from careline.contacts.log import Draft, transcript_delete_after
from careline.contacts.models import Contact, StaffPresence
from careline.core import clock

EACH = 20  # A specialist has more conversations here than anywhere else.
TOGETHER = 200


def main() -> None:
    """Make everything."""
    wanted, file = int(sys.argv[1]), Path(sys.argv[2])
    call_command("migrate", verbosity=0)
    staff = [_specialist(number) for number in range(-(-wanted // EACH))]
    sessions = [_session(person) for person in staff]
    contacts = [_contact() for _ in range(wanted)]
    Contact.objects.bulk_create(contacts, batch_size=TOGETHER)
    for start in range(0, wanted, TOGETHER):
        _begin(contacts[start : start + TOGETHER], staff, start)
    found = [
        {
            "id": str(contact.pk),
            "visitor_cookie": f"{tokens.COOKIE}={tokens.token_of(contact.pk)}",
            "specialist_cookie": f"{settings.SESSION_COOKIE_NAME}={sessions[number // EACH]}",
            "after": 2,
        }
        for number, contact in enumerate(contacts)
    ]
    file.write_text(json.dumps({"conversations": found}), encoding="utf-8")


def _specialist(number: int) -> Staff:
    person = Staff(username=f"s{number}", alias="Dana", password=make_password(None))
    person.save()
    person.groups.add(Group.objects.get_or_create(name=Role.SPECIALIST.value)[0])
    # A desk that isn't seen for minutes would lose its conversations.
    StaffPresence(staff=person, seen_at=clock.now() + dt.timedelta(days=1)).save()
    return person


def _session(person: Staff) -> str:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(client.session.session_key)


def _contact() -> Contact:
    now = clock.now()
    clocks: dict[str, Any] = {
        "delete_after": transcript_delete_after(now),
        "statistics_delete_after": now.replace(year=now.year + 5, day=1),
    }
    return Contact(channel=Channel.CHAT, language="en", topic="", opened_at=now, **clocks)


def _begin(contacts: list[Contact], staff: list[Staff], start: int) -> None:
    drafts = []
    for number, contact in enumerate(contacts, start):
        facts = {"channel": contact.channel, "language": contact.language, "topic": ""}
        drafts.append(Draft(contact.pk, EventKind.OPENED, AuthorKind.SERVICE, facts))
        person = staff[number // EACH]
        drafts.append(
            Draft(
                contact.pk,
                EventKind.ACCEPTED,
                AuthorKind.SPECIALIST,
                {"name": person.shown_name},
                person.pk,
            )
        )
    contact_log.append_batch(drafts)


if __name__ == "__main__":
    main()
