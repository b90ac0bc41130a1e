import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.test import Client

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import PASSWORD, client_of, make_staff
from careline.core import clock, ratelimit

pytestmark = pytest.mark.django_db

STAFF_ONLY = [
    "/staff/2fa/",
    "/staff/2fa/reauthenticate/",
    "/staff/2fa/totp/activate/",
    "/staff/2fa/totp/deactivate/",
    "/staff/2fa/recovery-codes/",
    "/staff/2fa/recovery-codes/generate/",
    "/staff/2fa/recovery-codes/download/",
    "/staff/reauthenticate/",
]


def code_of(secret: str) -> str:
    code: str = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))
    return code


def enrol(staff: Staff) -> str:
    secret: str = generate_totp_secret()
    TOTP.activate(staff, secret)
    RecoveryCodes.activate(staff)
    return secret


def begin(client: Client, staff: Staff) -> None:
    response = client.post("/staff/sign-in/", {"login": staff.username, "password": PASSWORD})
    assert response.headers["Location"] == "/staff/2fa/authenticate/"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("path", STAFF_ONLY)
def test_nobody_reaches_these_without_signing_in(client: Client, path: str) -> None:
    for response in (client.get(path), client.post(path, {"code": "1", "password": "x"})):
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/staff/sign-in/")


def test_the_second_step_cant_be_reached_without_the_first(client: Client) -> None:
    response = client.get("/staff/2fa/authenticate/")
    assert response.headers["Location"].startswith("/staff/sign-in/")


def test_the_password_alone_doesnt_sign_in_the_enrolled(client: Client) -> None:
    staff = make_staff(Role.SPECIALIST)
    enrol(staff)
    begin(client, staff)
    assert not is_signed_in(client)
    assert client.get("/desk/").headers["Location"].startswith("/staff/sign-in/")
    assert client.get("/staff/2fa/totp/deactivate/").status_code == 302


def test_a_wrong_code_is_refused_in_words(client: Client) -> None:
    staff = make_staff(Role.SPECIALIST)
    enrol(staff)
    begin(client, staff)
    response = client.post("/staff/2fa/authenticate/", {"code": "000000"})
    assert "There is a problem" in response.content.decode()
    assert not is_signed_in(client)


def test_guessing_codes_ends_after_twenty(client: Client) -> None:
    staff = make_staff(Role.SPECIALIST)
    secret = enrol(staff)
    begin(client, staff)
    for _ in range(20):
        ratelimit.forget_all()
        client.post("/staff/2fa/authenticate/", {"code": "000000"})
    client.post("/staff/2fa/authenticate/", {"code": code_of(secret)})
    assert not is_signed_in(client)


def test_the_right_code_signs_in_and_works_once(client: Client) -> None:
    staff = make_staff(Role.SPECIALIST)
    secret = enrol(staff)
    begin(client, staff)
    code = code_of(secret)
    response = client.post("/staff/2fa/authenticate/", {"code": code})
    assert response.headers["Location"] == "/desk/"
    assert is_signed_in(client)
    other = Client()
    begin(other, staff)
    other.post("/staff/2fa/authenticate/", {"code": code})
    assert not is_signed_in(other)


def test_a_recovery_code_signs_in_once(client: Client) -> None:
    staff = make_staff(Role.SPECIALIST)
    enrol(staff)
    code = _recovery_codes(staff)[0]
    begin(client, staff)
    client.post("/staff/2fa/authenticate/", {"code": code})
    assert is_signed_in(client)
    assert code not in _recovery_codes(staff)


def _recovery_codes(staff: Staff) -> list[str]:
    authenticator = Authenticator.objects.get(user=staff, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = authenticator.wrap().get_unused_codes()
    return codes


def test_one_can_turn_back_between_the_two_steps(client: Client) -> None:
    staff = make_staff(Role.SPECIALIST)
    enrol(staff)
    begin(client, staff)
    client.post("/staff/sign-out/", {"next": "/staff/sign-in/"})
    assert client.get("/staff/sign-in/").status_code == 200


def test_enrolling_asks_for_the_password_again() -> None:
    client = client_of(make_staff(Role.SPECIALIST))
    response = client.get("/staff/2fa/totp/activate/")
    assert response.headers["Location"].startswith("/staff/reauthenticate/")


def test_a_wrong_password_doesnt_open_enrolment() -> None:
    client = client_of(make_staff(Role.SPECIALIST))
    client.post("/staff/reauthenticate/", {"password": "wrong"})
    assert client.get("/staff/2fa/totp/activate/").status_code == 302


def test_enrolling_turns_the_second_step_on_and_shows_recovery_codes() -> None:
    staff = make_staff(Role.SPECIALIST)
    client = client_of(staff)
    client.post("/staff/reauthenticate/", {"password": PASSWORD})
    page = client.get("/staff/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    refused = client.post("/staff/2fa/totp/activate/", {"code": "000000"})
    assert "There is a problem" in refused.content.decode()
    response = client.post("/staff/2fa/totp/activate/", {"code": code_of(secret)})
    assert response.headers["Location"] == "/staff/2fa/recovery-codes/"
    codes = client.get("/staff/2fa/recovery-codes/").content.decode()
    assert all(code in codes for code in _recovery_codes(staff))
    begin(Client(), staff)


def test_the_second_step_can_be_turned_off_again() -> None:
    staff = make_staff(Role.SPECIALIST)
    client = client_of(staff)
    enrol(staff)
    client.post("/staff/reauthenticate/", {"password": PASSWORD})
    assert client.get("/staff/2fa/totp/deactivate/").status_code == 200
    client.post("/staff/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("path", ["/staff/2fa/", "/staff/2fa/recovery-codes/generate/"])
def test_the_pages_of_the_second_step_show(path: str) -> None:
    staff = make_staff(Role.SPECIALIST)
    client = client_of(staff)
    enrol(staff)
    client.post("/staff/reauthenticate/", {"password": PASSWORD})
    assert client.get(path).status_code == 200


def test_codes_are_those_of_the_moment() -> None:
    # Guards the helper above: a frozen clock gives a known code (RFC 6238, appendix B).
    moment = int(dt.datetime(1970, 1, 1, 0, 0, 59, tzinfo=dt.UTC).timestamp()) // 30
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert format_hotp_value(hotp_value(secret, moment)) == "287082"
