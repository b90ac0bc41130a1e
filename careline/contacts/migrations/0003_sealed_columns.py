"""Beside each column that holds somebody's words, a sealed one with the same words."""

from typing import Any

from django.db import migrations

from careline.core.sealing.fields import SealedJSONField, SealedTextField
from careline.core.sealing.rotation import write_sealed

_DETAILS = ("name", "phone", "email")
_AT_A_TIME = 500


def seal_what_is_there(apps: Any, schema_editor: Any) -> None:
    """Seal every body and every detail."""
    _copy(apps.get_model("contacts", "ContactEvent"), ("body",), schema_editor.connection)
    _copy(apps.get_model("contacts", "ContactDetails"), _DETAILS, schema_editor.connection)


def _copy(model: Any, columns: tuple[str, ...], connection: Any) -> None:
    last = 0
    manager = model._base_manager.using(connection.alias)
    while rows := list(manager.filter(pk__gt=last).order_by("pk")[:_AT_A_TIME]):
        for row in rows:
            for column in columns:
                setattr(row, f"sealed_{column}", getattr(row, column))
        write_sealed(connection, [model._meta.get_field(f"sealed_{c}") for c in columns], rows)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_call_attempts")]
    operations = [
        migrations.AddField(
            "contactevent",
            "sealed_body",
            SealedJSONField(null=True, purpose="contacts.event", bound_to=("contact_id", "seq")),
        ),
        *(
            migrations.AddField(
                "contactdetails",
                f"sealed_{column}",
                SealedTextField(null=True, purpose=f"contacts.{column}", bound_to=("contact_id",)),
            )
            for column in _DETAILS
        ),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop, elidable=True),
    ]
