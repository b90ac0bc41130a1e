"""Staff for tests of every app: made by the real action, with a known password."""

from itertools import count

from django.test import Client

from careline.accounts.actions import create_staff
from careline.accounts.enums import Role
from careline.accounts.models import Staff

PASSWORD = "harbor-lantern-quiet-42"
_numbers = count(1)


def make_staff(*roles: Role, username: str = "", alias: str = "") -> Staff:
    """Return a member of staff with these roles and the known password."""
    return create_staff(
        username=username or f"staff{next(_numbers)}",
        password=PASSWORD,
        roles=roles,
        alias=alias,
        acting_user=None,
    )


def client_of(staff: Staff) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
