import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET action = 'something.else'",
        "UPDATE core_auditentry SET actor_id = NULL",
        "DELETE FROM core_auditentry",
    ],
)
def test_the_database_itself_refuses_a_change(entry: AuditEntry, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="audit trail"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.get().action == "staff.created"


def test_no_way_of_the_models_changes_many_at_once(entry: AuditEntry) -> None:
    entry.action = "something.else"
    with pytest.raises(TypeError):
        AuditEntry.objects.bulk_update([entry], ["action"])
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all()._raw_delete("default")
