"""Which earlier contact a visitor let us see, by giving its code."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0012_attachments")]

    operations = [
        migrations.CreateModel(
            name="EarlierContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_links",
                        to="contacts.contact",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="later_links",
                        to="contacts.contact",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="earliercontact",
            constraint=models.UniqueConstraint(
                fields=("contact", "earlier"), name="one_link_to_an_earlier_contact"
            ),
        ),
    ]
