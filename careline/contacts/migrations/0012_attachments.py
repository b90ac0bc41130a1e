"""Files that visitors send, in sealed pieces."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import careline.contacts.attachment_models
import careline.core.clock

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0011_teamwork"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", ID),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(choices=[("image", "Picture"), ("pdf", "PDF")], max_length=8),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField(default=careline.core.clock.now)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "number"), name="one_attachment_per_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachmentPart",
            fields=[
                ("id", ID),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "content",
                    careline.contacts.attachment_models.SealedBytesField(
                        bound_to=("attachment_id", "number"), purpose="contacts.attachment"
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="contacts.attachment",
                    ),
                ),
            ],
            options={
                "ordering": ["attachment", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attachment", "number"), name="one_part_per_number"
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="contactevent",
            name="kind",
            field=models.CharField(
                choices=[
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
                    ("invited", "Colleague asked to join"),
                    ("invitation_over", "The colleague did not join"),
                    ("joined", "Joined"),
                    ("left", "Left the conversation"),
                    ("handed_over", "Handed over"),
                    ("consulted", "Asked a supervisor"),
                    ("whisper", "Said among staff"),
                    ("note", "Note"),
                    ("follow_up_set", "Follow-up agreed"),
                    ("follow_up_done", "Follow-up done"),
                    ("reading_shared", "The visitor shared what they read and asked"),
                    ("call_attempt", "Call attempt"),
                    ("call_planned", "Time of the call chosen"),
                    ("call_due", "The time of the call has come"),
                    ("visitor_file", "File from the visitor"),
                    ("closed_early", "Told that chat closed early"),
                    ("open_again", "Told that chat is open again"),
                    ("wrapped_up", "Wrapped up"),
                    ("ended", "Ended"),
                ],
                max_length=24,
            ),
        ),
    ]
