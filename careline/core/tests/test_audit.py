import pytest
from django.contrib.auth import get_user_model

from careline.core import audit
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    staff = get_user_model().objects.create_user("dana")
    return audit.record("staff.created", staff, acting_user=staff, count=1)


def test_an_entry_cannot_be_changed(entry: AuditEntry) -> None:
    entry.action = "something.else"
    with pytest.raises(TypeError):
        entry.save()


def test_an_entry_cannot_be_deleted(entry: AuditEntry) -> None:
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(TypeError):
        AuditEntry.objects.all().delete()
    with pytest.raises(TypeError):
        AuditEntry.objects.update(action="x")


def test_an_entry_says_who_did_what_to_what(entry: AuditEntry) -> None:
    stored = AuditEntry.objects.get()
    assert (stored.action, stored.subject_type, stored.detail) == (
        "staff.created",
        "accounts.staff",
        {"count": 1},
    )
    assert stored.actor == get_user_model().objects.get()
