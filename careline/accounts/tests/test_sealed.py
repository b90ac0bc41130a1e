"""The secret of a second factor doesn't stand in the database as it is."""

import importlib
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps

from careline.accounts.enums import Role
from careline.accounts.sealed import open_secret
from careline.accounts.tests.factories import make_staff
from careline.core.sealing import rotation
from careline.core.sealing.envelope import CannotOpen

pytestmark = pytest.mark.django_db


def test_a_secret_that_was_never_sealed_is_refused() -> None:
    with pytest.raises(CannotOpen):
        open_secret(generate_totp_secret())


def test_a_new_secret_is_sealed() -> None:
    secret = generate_totp_secret()
    TOTP.activate(make_staff(Role.SPECIALIST), secret)

    [kept] = Authenticator.objects.values_list("data", flat=True)
    assert secret not in str(kept)
    assert open_secret(kept["secret"]) == secret


def test_an_upgrade_seals_plain_secrets_once() -> None:
    secret = generate_totp_secret()
    row = Authenticator.objects.create(
        user=make_staff(Role.SPECIALIST), type="totp", data={"secret": secret}
    )
    migration = importlib.import_module("careline.accounts.migrations.0003_seal_second_factors")

    for _again in range(2):
        migration.seal_what_is_there(apps, SimpleNamespace())
        row.refresh_from_db()
        assert open_secret(row.data["secret"]) == secret
    assert rotation.outdated() == 0
