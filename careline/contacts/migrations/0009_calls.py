"""The time of a promised call, and whether it was missed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_visitors"),
    ]

    operations = [
        migrations.AddField("contact", "call_from", models.DateTimeField(null=True)),
        migrations.AddField("contact", "call_until", models.DateTimeField(null=True)),
        migrations.AddField("contact", "call_due", models.BooleanField(default=False)),
        migrations.AddField(
            "contact", "calls_missed", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddIndex(
            "contact",
            models.Index(
                fields=["call_from"],
                name="contact_calls",
                condition=models.Q(call_from__isnull=False),
            ),
        ),
    ]
