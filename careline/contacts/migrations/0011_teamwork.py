"""Several people in one contact, words among staff, and promises to get in touch again."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import careline.core.clock
import careline.core.sealing.fields


def _colleague(**options: object) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **options,  # type: ignore[arg-type]
    )


OUTCOMES = [
    ("reached", "Reached"),
    ("no_answer", "No answer"),
    ("voicemail", "Left a voicemail"),
    ("busy", "Busy"),
    ("wrong_number", "Wrong number or address"),
    ("answered_by_email", "Answered by email"),
]
STATES = [
    ("available", "Taking contacts"),
    ("break", "On a break"),
    ("meal", "At a meal"),
    ("meeting", "In a meeting or training"),
    ("after_call", "Finishing a record"),
    ("away", "Away"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0010_opening"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("contact", "invite_seq", models.PositiveIntegerField(default=0)),
        migrations.AddField("contact", "invited", _colleague(null=True)),
        migrations.AddField("contact", "invited_until", models.DateTimeField(null=True)),
        migrations.AddField("contact", "second", _colleague(null=True)),
        migrations.AddField("contact", "supervisor", _colleague(null=True)),
        migrations.AddField("contact", "consult_since", models.DateTimeField(null=True)),
        migrations.AddField(
            "contact", "follow_ups_open", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AlterField(
            "staffpresence",
            "state",
            models.CharField(choices=STATES, db_index=True, default="break", max_length=12),
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("due_on", models.DateField(db_index=True, verbose_name="day")),
                (
                    "what",
                    careline.core.sealing.fields.SealedTextField(
                        blank=True,
                        bound_to=("contact_id", "key"),
                        purpose="contacts.follow_up",
                        verbose_name="what",
                    ),
                ),
                ("set_at", models.DateTimeField(default=careline.core.clock.now)),
                ("done_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=20)),
                ("delete_after", models.DateTimeField(db_index=True, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="contacts.contact",
                    ),
                ),
                ("done_by", _colleague(null=True)),
                ("set_by", _colleague()),
                ("staff", _colleague()),
            ],
            options={"verbose_name": "follow-up", "verbose_name_plural": "follow-ups"},
        ),
    ]
