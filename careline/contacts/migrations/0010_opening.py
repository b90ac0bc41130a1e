"""Opening hours as rows, and when each contact was answered for the first time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import careline.core.clock

KINDS = [
    ("opened", "Opened"),
    ("visitor_message", "Message from the visitor"),
    ("flag", "Red flag"),
    ("card_dismissed", "Care card put away"),
    ("offered", "Offered"),
    ("declined", "Offer declined"),
    ("offer_lapsed", "Offer not answered"),
    ("accepted", "Accepted"),
    ("assigned", "Assigned by a supervisor"),
    ("released", "Back in the queue"),
    ("idle_warned", "Asked whether the visitor is still there"),
    ("specialist_message", "Message from the specialist"),
    ("approved_sentence", "Reviewed sentence"),
    ("call_attempt", "Call attempt"),
    ("call_planned", "Time of the call chosen"),
    ("call_due", "The time of the call has come"),
    ("visitor_file", "File from the visitor"),
    ("closed_early", "Told that chat closed early"),
    ("open_again", "Told that chat is open again"),
    ("wrapped_up", "Wrapped up"),
    ("ended", "Ended"),
]


def derive_answered_at(apps, schema_editor):
    """Fill it as `careline rebuild` would; of a log that is gone the last acceptance is left."""
    contacts = apps.get_model("contacts", "Contact").objects
    events = apps.get_model("contacts", "ContactEvent").objects
    taken = events.filter(contact=models.OuterRef("pk"), kind__in=("accepted", "assigned"))
    first = taken.order_by("seq").values("created_at")[:1]
    contacts.filter(transcript_purged_at=None).update(answered_at=models.Subquery(first))
    purged = contacts.exclude(transcript_purged_at=None)
    purged.update(answered_at=models.F("accepted_at"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contacts", "0009_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(unique=True)),
                ("spans", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="OpeningVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="OneOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("closing", "Closed"), ("opening", "Open")], max_length=10
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
                ("reasons", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="one_off_has_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlyClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("closed_at", models.DateTimeField(default=careline.core.clock.now)),
                ("reasons", models.JSONField(blank=True, default=dict)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.AlterField(
            model_name="contactevent",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=24),
        ),
        migrations.AddField(
            model_name="contact",
            name="answered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(derive_answered_at, migrations.RunPython.noop),
    ]
