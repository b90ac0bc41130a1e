"""Whether a sound and the computer's notices tell somebody at the desk of what is new."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_seal_second_factors")]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="notice_sound",
            field=models.BooleanField(default=False, verbose_name="a sound when something is new"),
        ),
        migrations.AddField(
            model_name="staff",
            name="notice_desktop",
            field=models.BooleanField(default=False, verbose_name="notices of the computer"),
        ),
    ]
