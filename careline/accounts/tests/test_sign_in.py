import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from careline.accounts.enums import Role
from careline.accounts.tests.factories import PASSWORD, client_of, make_staff
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"
ADDRESS = "203.0.113.77"
BROWSER = "Testbrowser/7.7 (marker)"


def sign_in(client: Client, name: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post(
        SIGN_IN,
        {"login": name, "password": password, **extra},
        REMOTE_ADDR=ADDRESS,
        HTTP_X_FORWARDED_FOR=ADDRESS,
        HTTP_USER_AGENT=BROWSER,
    )


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_wrong_password_is_refused_in_words_and_the_name_is_kept(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    response = sign_in(client, "dana", "not the password")
    assert response.status_code == 200
    page = response.content.decode()
    assert "There is a problem" in page
    assert 'value="dana"' in page
    assert "not the password" not in page
    assert not is_signed_in(client)


def test_an_unknown_name_reads_the_same_as_a_wrong_password(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    wrong = sign_in(client, "dana", "not the password").context["form"].errors
    unknown = sign_in(client, "nobody", "not the password").context["form"].errors
    assert wrong == unknown


def test_a_person_who_has_left_cant_sign_in(client: Client) -> None:
    staff = make_staff(Role.SPECIALIST, username="dana")
    staff.is_active = False
    staff.save()
    response = sign_in(client, "dana")
    assert not is_signed_in(client)
    assert "administrator" in client.get(response.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.SPECIALIST, "/desk/"),
        (Role.SUPERVISOR, "/desk/"),
        (Role.EDITOR, "/editor/"),
        (Role.MEDICAL_REVIEWER, "/editor/"),
    ],
)
def test_signing_in_leads_to_ones_work(client: Client, role: Role, place: str) -> None:
    make_staff(role, username="dana")
    response = sign_in(client, "dana")
    assert response.headers["Location"] == place


def test_a_page_asked_for_before_is_opened_but_never_another_site(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    assert sign_in(client, "dana", next="/reports/").headers["Location"] == "/reports/"
    client.logout()
    response = sign_in(client, "dana", next="https://evil.example/")
    assert response.headers["Location"] == "/desk/"


def test_the_session_is_a_new_one_after_signing_in(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    sign_in(client, "dana")
    assert is_signed_in(client)
    assert client.session.session_key != before


def test_the_session_ends_with_the_browser(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    sign_in(client, "dana")
    cookie = client.cookies["careline_staff"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


def test_a_sign_in_is_in_the_audit_trail(client: Client) -> None:
    staff = make_staff(Role.SPECIALIST, username="dana")
    sign_in(client, "dana", "not the password")
    assert not AuditEntry.objects.filter(action="staff.signed_in").exists()
    sign_in(client, "dana")
    assert AuditEntry.objects.get(action="staff.signed_in").actor == staff


def test_signing_out_takes_a_button() -> None:
    client = client_of(make_staff(Role.SPECIALIST))
    assert client.get("/staff/sign-out/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/staff/sign-out/").headers["Location"] == SIGN_IN
    assert not is_signed_in(client)
    assert client.get("/desk/").headers["Location"].startswith(SIGN_IN)


def test_a_new_password_ends_open_sessions() -> None:
    staff = make_staff(Role.SPECIALIST)
    client = client_of(staff)
    staff.set_password("another-good-password-77")
    staff.save()
    assert client.get("/staff/2fa/").headers["Location"].startswith(SIGN_IN)


def test_ten_failures_lock_the_name_and_only_that_name(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    make_staff(Role.SPECIALIST, username="luis")
    for _ in range(9):
        assert sign_in(client, "dana", "wrong").status_code == 200
    assert sign_in(client, "dana", "wrong").status_code == 429
    locked = sign_in(client, "dana")
    assert locked.status_code == 429
    assert "15 minutes" in locked.content.decode()
    assert not is_signed_in(client)
    assert sign_in(client, "luis").status_code == 302


def test_another_browser_doesnt_get_ten_more_tries(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    for number in range(10):
        client.post(
            SIGN_IN,
            {"login": "dana", "password": "wrong"},
            REMOTE_ADDR=f"198.51.100.{number}",
            HTTP_USER_AGENT=f"Browser {number}",
        )
    assert sign_in(Client(), "dana").status_code == 429


def test_the_lock_opens_after_a_quarter_of_an_hour(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    start = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        for _ in range(10):
            sign_in(client, "dana", "wrong")
    with time_machine.travel(start + dt.timedelta(minutes=16), tick=False):
        assert sign_in(client, "dana").status_code == 302


def test_a_good_sign_in_forgets_earlier_slips(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    for _ in range(2):
        for _ in range(9):
            sign_in(client, "dana", "wrong")
        assert sign_in(client, "dana").status_code == 302
        client.logout()


def test_no_table_holds_an_address_or_a_browser_or_a_password(client: Client) -> None:
    make_staff(Role.SPECIALIST, username="dana")
    for _ in range(10):
        sign_in(client, "dana", "a wrong secret", next="/desk/")
    sign_in(client, "nobody", "a wrong secret")
    make_staff(Role.SPECIALIST, username="luis")
    sign_in(client, "luis")
    client.get("/staff/2fa/", REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
    stored = _everything_stored() + str(dict(client.session))
    assert "dana" in stored
    for trace in (ADDRESS, BROWSER, "a wrong secret", PASSWORD):
        assert trace not in stored


def _everything_stored() -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows.append(f"{table}: {cursor.fetchall()}")
    return "\n".join(rows)


def test_nobody_can_sign_up_or_reset_a_password_from_outside(client: Client) -> None:
    for path in ("/staff/sign-up/", "/staff/signup/", "/staff/password/reset/", "/staff/email/"):
        assert client.post(path, {"username": "x"}).status_code in (302, 403, 404)
        assert not is_signed_in(client)
    from careline.accounts.models import Staff

    assert not Staff.objects.exists()


def test_the_editors_own_sign_in_page_doesnt_go_round_the_second_step(client: Client) -> None:
    make_staff(Role.EDITOR, username="edith")
    response = client.post(
        reverse("wagtailadmin_login"), {"username": "edith", "password": PASSWORD}
    )
    assert response.headers["Location"].startswith(SIGN_IN)
    assert not is_signed_in(client)
