"""When a worker last looked after what time brings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_sealing_keys")]
    operations = [
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("name", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
