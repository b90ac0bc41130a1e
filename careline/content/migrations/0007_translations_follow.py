from collections import Counter

from django.conf import settings
from django.db import migrations, models


def follow_what_stands(apps, schema_editor):
    """What is translated now was approved beside the source as it stands now."""
    rows = apps.get_model("content", "Sentence").objects.filter(retired_at=None)
    source, places = {}, Counter()
    translated = []
    for row in rows.order_by("page_key", "language", "position"):
        number = 0
        if not row.label:
            name = (row.page_key, row.language, row.conflict_key)
            number = places[name] = places[name] + 1
        place = (row.page_key, row.label, row.conflict_key, number)
        if row.language == settings.LANGUAGE_CODE:
            source[place] = row.pk
        else:
            translated.append((row, place))
    for row, place in translated:
        if place in source:
            rows.filter(pk=row.pk).update(follows=source[place])


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0006_courses_and_body_parts'),
    ]

    operations = [
        migrations.AddField(
            model_name='approval',
            name='source_revision',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='pack',
            name='files',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='pack',
            name='header',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='reviewedpage',
            name='pack_revision',
            field=models.PositiveBigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='sentence',
            name='behind_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sentence',
            name='follows',
            field=models.CharField(blank=True, max_length=14),
        ),
        migrations.RunPython(follow_what_stands, migrations.RunPython.noop, elidable=True),
    ]
