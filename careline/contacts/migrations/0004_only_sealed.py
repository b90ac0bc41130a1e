"""The plain columns go; the sealed ones take their names."""

from django.db import migrations

from careline.core.sealing.fields import SealedJSONField, SealedTextField

_LABELS = {"name": "name", "phone": "phone number", "email": "email address"}


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_sealed_columns")]
    operations = [
        migrations.RemoveField("contactevent", "body"),
        migrations.RenameField("contactevent", "sealed_body", "body"),
        migrations.AlterField(
            "contactevent",
            "body",
            SealedJSONField(purpose="contacts.event", bound_to=("contact_id", "seq")),
        ),
        *(
            step
            for column, label in _LABELS.items()
            for step in (
                migrations.RemoveField("contactdetails", column),
                migrations.RenameField("contactdetails", f"sealed_{column}", column),
                migrations.AlterField(
                    "contactdetails",
                    column,
                    SealedTextField(
                        label,
                        blank=True,
                        purpose=f"contacts.{column}",
                        bound_to=("contact_id",),
                    ),
                ),
            )
        ),
    ]
