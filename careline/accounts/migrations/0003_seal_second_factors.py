"""Secrets of second factors that were stored plain are sealed."""

from typing import Any

from django.db import migrations

from careline.accounts.sealed import open_secret, seal_secret
from careline.core.sealing.envelope import CannotOpen


def seal_what_is_there(apps: Any, schema_editor: Any) -> None:
    """Seal each secret that isn't sealed yet."""
    for row in apps.get_model("mfa", "Authenticator").objects.all():
        for name in ("secret", "seed"):
            if name in row.data and not _is_sealed(row.data[name]):
                row.data[name] = seal_secret(row.data[name])
        row.save(update_fields=["data"])


def _is_sealed(text: str) -> bool:
    try:
        return bool(open_secret(text))
    except CannotOpen:
        return False


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_staff_keyboard_shortcuts"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop, elidable=True)
    ]
