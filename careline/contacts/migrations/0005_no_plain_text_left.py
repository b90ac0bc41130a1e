"""What the plain columns held is wiped from the database's own files too.

A dropped column leaves its text in free pages (SQLite) or dead rows (PostgreSQL) until
the file is written anew.
"""

from typing import Any

from django.db import migrations


def rewrite(_apps: Any, schema_editor: Any) -> None:
    """Write the tables anew; an installation without contacts has nothing to wipe."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM contacts_contact)")
        if not cursor.fetchone()[0]:
            return
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL contacts_contactevent")
            cursor.execute("VACUUM FULL contacts_contactdetails")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Migration(migrations.Migration):
    atomic = False  # A database can't be written anew inside a transaction.
    dependencies = [("contacts", "0004_only_sealed")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop, elidable=True)]
