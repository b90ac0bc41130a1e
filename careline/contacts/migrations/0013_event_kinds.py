"""The kinds of events as they are now; no column changes."""

from django.db import migrations, models

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
    ("earlier_shared", "The visitor shared an earlier contact"),
    ("call_attempt", "Call attempt"),
    ("call_planned", "Time of the call chosen"),
    ("call_due", "The time of the call has come"),
    ("visitor_file", "File from the visitor"),
    ("closed_early", "Told that chat closed early"),
    ("open_again", "Told that chat is open again"),
    ("wrapped_up", "Wrapped up"),
    ("ended", "Ended"),
]


class Migration(migrations.Migration):
    dependencies = [("contacts", "0012_earlier")]

    operations = [
        migrations.AlterField(
            "contactevent", "kind", models.CharField(choices=KINDS, max_length=24)
        ),
    ]
