"""Who may say what somebody is trained for."""

import datetime as dt

import pytest

from careline.accounts.actions import Training, grant_competency, revoke_competency
from careline.accounts.enums import Role
from careline.accounts.errors import CertificationRefused
from careline.accounts.models import Competency, Staff
from careline.accounts.permissions import may_certify
from careline.accounts.tests.factories import make_staff
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db
TRAINING = Training("basics", "en", dt.date(2099, 1, 1))


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.EDITOR, Role.MEDICAL_REVIEWER])
def test_other_roles_certify_nobody(role: Role) -> None:
    actor, staff = make_staff(role), make_staff(Role.MEDICAL_REVIEWER, username="rita")
    assert not may_certify(actor)
    with pytest.raises(CertificationRefused):
        grant_competency(staff, TRAINING, acting_user=actor)
    assert not Competency.objects.exists()


def test_nobody_certifies_themselves() -> None:
    both = make_staff(Role.SUPERVISOR, Role.MEDICAL_REVIEWER)
    with pytest.raises(CertificationRefused, match="themselves"):
        grant_competency(both, TRAINING, acting_user=both)


def test_a_supervisor_and_an_administrator_certify_and_it_stays_on_record() -> None:
    staff = make_staff(Role.MEDICAL_REVIEWER, username="rita")
    admin = Staff.objects.create_superuser("root", password="x")
    for actor in (make_staff(Role.SUPERVISOR, username="susan"), admin):
        grant_competency(staff, TRAINING, acting_user=actor)
        entry = AuditEntry.objects.filter(action="staff.competency_granted").first()
        assert entry is not None and entry.actor == actor
    competency = staff.competencies.get()
    assert competency.is_current()

    revoke_competency(competency, acting_user=admin)
    assert not staff.competencies.exists()
    assert AuditEntry.objects.filter(action="staff.competency_revoked").exists()


def test_a_competency_covers_its_topic_and_language_only() -> None:
    staff = make_staff(Role.MEDICAL_REVIEWER)
    for topic, language in [("basics", "en"), ("", "es")]:
        Competency.objects.create(
            staff=staff, topic=topic, language=language, certified_until=dt.date(2099, 1, 1)
        )
    found = staff.competencies
    assert found.filter().covering("basics", "en").exists()
    assert not Competency.objects.covering("other", "en").exists()
    assert Competency.objects.covering("other", "es").exists()
