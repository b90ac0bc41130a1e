"""What the new columns say of contacts and people that were there before."""

from django.db import migrations, models

WORDS = ("specialist_message", "approved_sentence")


def what_was_accepted_is_available(apps, schema_editor):
    presences = apps.get_model("contacts", "StaffPresence").objects
    presences.filter(accepting=True).update(state="available")
    presences.filter(accepting=False).update(state="break")


def derive_the_new_columns(apps, schema_editor):
    """Fill them as `careline rebuild` would; it reads only kinds, times and numbers."""
    contacts = apps.get_model("contacts", "Contact").objects
    events = apps.get_model("contacts", "ContactEvent").objects
    opened = events.filter(contact=models.OuterRef("pk"), seq=1).values("created_at")[:1]
    contacts.filter(last_seq__gt=0, transcript_purged_at=None).update(
        queued_since=models.Subquery(opened)
    )
    for pk in contacts.exclude(awaiting_reply_since=None).values_list("pk", flat=True):
        log = events.filter(contact=pk)
        answered = log.filter(kind__in=(*WORDS, "accepted")).aggregate(last=models.Max("seq"))
        unread = log.filter(kind="visitor_message", seq__gt=answered["last"] or 0).count()
        contacts.filter(pk=pk).update(unread_count=unread)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_routing")]
    operations = [
        migrations.RunPython(what_was_accepted_is_available, migrations.RunPython.noop),
        migrations.RunPython(derive_the_new_columns, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="staffpresence",
            name="accepting",
        ),
    ]
