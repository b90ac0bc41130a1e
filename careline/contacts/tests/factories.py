"""Contacts as tests need them, made by the actions that visitors use."""

import uuid
from typing import Any

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions
from careline.contacts.models import Contact


def open_chat(text: str = "hello", **fields: Any) -> Contact:
    """Open a chat with a first message."""
    given = {"language": "en", "topic": "", "name": "", "start_id": str(uuid.uuid4()), **fields}
    return actions.open_chat(text=text, **given)


def make_specialist(alias: str = "Dana") -> Staff:
    """Make a specialist who is shown to visitors as `alias`."""
    return make_staff(Role.SPECIALIST, alias=alias)


def accepted_chat(text: str = "hello") -> tuple[Contact, Staff]:
    """Open a chat and let a specialist accept it."""
    contact, specialist = open_chat(text), make_specialist()
    return actions.accept(acting_user=specialist, contact_id=contact.pk), specialist
