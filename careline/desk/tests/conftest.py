"""What the desk's tests share: people at work, and contacts that wait or are theirs."""

import pytest
from django.test import Client

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of, make_staff
from careline.contacts import actions
from careline.contacts.models import Contact
from careline.contacts.tests.factories import open_chat


@pytest.fixture
def dana(db: None) -> Staff:
    return make_staff(Role.SPECIALIST, alias="Dana")


@pytest.fixture
def luis(db: None) -> Staff:
    return make_staff(Role.SPECIALIST, alias="Luis")


@pytest.fixture
def susan(db: None) -> Staff:
    return make_staff(Role.SUPERVISOR, alias="Susan")


@pytest.fixture
def edith(db: None) -> Staff:
    return make_staff(Role.EDITOR, alias="Edith")


@pytest.fixture
def at_desk(dana: Staff) -> Client:
    """Dana's browser."""
    return client_of(dana)


@pytest.fixture
def waiting(db: None) -> Contact:
    return open_chat("My first words")


@pytest.fixture
def mine(dana: Staff) -> Contact:
    """A chat that Dana has accepted."""
    contact = open_chat("My first words")
    return actions.accept(acting_user=dana, contact_id=contact.pk)


@pytest.fixture
def not_mine(luis: Staff) -> Contact:
    """A chat that Luis has accepted."""
    contact = open_chat("Words for Luis only")
    return actions.accept(acting_user=luis, contact_id=contact.pk)
