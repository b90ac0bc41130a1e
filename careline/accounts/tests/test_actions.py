import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from careline.accounts.actions import (
    Training,
    create_staff,
    ensure_roles,
    generate_password,
    set_competencies,
    set_keyboard_shortcuts,
    set_staff_password,
)
from careline.accounts.enums import Role
from careline.accounts.models import Competency, Staff
from careline.accounts.permissions import (
    may_approve_content,
    may_edit_content,
    may_serve_contacts,
    may_supervise,
)
from careline.accounts.tests.factories import PASSWORD, make_staff
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_weak_password_makes_nobody() -> None:
    with pytest.raises(ValidationError):
        create_staff(username="weak", password="password", roles=[], acting_user=None)
    assert not Staff.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_taken_name_is_refused() -> None:
    make_staff(username="dana")
    with pytest.raises(ValidationError):
        make_staff(username="dana")


def test_creating_staff_gives_roles_and_leaves_a_trace() -> None:
    boss = make_staff(Role.SUPERVISOR)
    staff = create_staff(
        username="dana",
        password=PASSWORD,
        roles=[Role.SPECIALIST],
        alias="Dana",
        acting_user=boss,
    )
    assert staff.role_names == {Role.SPECIALIST}
    assert staff.shown_name == "Dana"
    assert staff.check_password(PASSWORD)
    entry = AuditEntry.objects.get(action="staff.created", subject_id=str(staff.pk))
    assert entry.actor == boss
    assert entry.detail == {"roles": ["specialist"]}


def test_roles_are_made_once() -> None:
    assert ensure_roles() == ensure_roles()
    assert {group.name for group in ensure_roles().values()} == set(Role.values)


@pytest.mark.parametrize(
    ("role", "serves", "supervises", "edits", "approves"),
    [
        (Role.SPECIALIST, True, False, False, False),
        (Role.SUPERVISOR, True, True, False, False),
        (Role.EDITOR, False, False, True, False),
        (Role.MEDICAL_REVIEWER, False, False, True, True),
    ],
)
def test_each_role_may_do_its_own_work_only(
    role: Role, serves: bool, supervises: bool, edits: bool, approves: bool
) -> None:
    staff = make_staff(role)
    assert may_serve_contacts(staff) is serves
    assert may_supervise(staff) is supervises
    assert may_edit_content(staff) is edits
    assert may_approve_content(staff) is approves


def test_nobody_and_the_inactive_may_do_nothing() -> None:
    staff = make_staff(*Role)
    staff.is_active = False
    for predicate in (may_serve_contacts, may_supervise, may_edit_content, may_approve_content):
        assert not predicate(None)
        assert not predicate(staff)


def test_a_weak_new_password_leaves_the_old_one() -> None:
    staff = make_staff()
    with pytest.raises(ValidationError):
        set_staff_password(staff, "short", acting_user=None)
    assert staff.check_password(PASSWORD)


def test_a_new_password_counts_and_is_traced_without_it() -> None:
    staff = make_staff()
    new = generate_password()
    set_staff_password(staff, new, acting_user=None)
    staff.refresh_from_db()
    assert staff.check_password(new)
    assert new not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_competencies_are_replaced_and_expire() -> None:
    staff = make_staff(Role.SPECIALIST)
    day = dt.date(2026, 11, 23)
    set_competencies(
        staff,
        [Training("", "en", day), Training("side-effects", "es", day - dt.timedelta(days=1))],
        acting_user=None,
    )
    current = Competency.objects.current(on=day)
    assert [competency.language for competency in current] == ["en"]
    assert all(
        competency.is_current(on=day) == (competency in current)
        for competency in Competency.objects.all()
    )
    set_competencies(staff, [], acting_user=None)
    assert not staff.competencies.exists()


def test_single_keys_can_be_turned_off() -> None:
    staff = make_staff(Role.SPECIALIST)
    set_keyboard_shortcuts(enabled=False, acting_user=staff)
    staff.refresh_from_db()
    assert staff.keyboard_shortcuts is False


def test_generated_passwords_differ_and_are_long() -> None:
    passwords = {generate_password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(len(password) >= 20 for password in passwords)
