from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0005_medical_review")]

    operations = [
        migrations.AddField(
            model_name="regimencomponent",
            name="courses",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text='The ways in which its visits can follow each other: [{"phases": [{"every_days": 21, "times": 4}, {"every_days": 28}], "sources": ["…"]}]',
                verbose_name="courses",
            ),
        ),
        migrations.AddField(
            model_name="adverseevent",
            name="body_part",
            field=models.CharField(
                blank=True,
                choices=[
                    ("whole", "Your whole body"),
                    ("head", "Head and face"),
                    ("glands", "Glands that make hormones"),
                    ("chest", "Chest and lungs"),
                    ("belly", "Stomach and bowels"),
                    ("liver", "Liver"),
                    ("kidneys", "Kidneys"),
                    ("skin", "Skin"),
                    ("joints", "Muscles and joints"),
                    ("other", "Other parts of the body"),
                ],
                max_length=20,
                verbose_name="body part",
            ),
        ),
    ]
