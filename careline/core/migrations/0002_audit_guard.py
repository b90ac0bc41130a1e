"""The database itself refuses to change or remove what is on the audit trail.

A later migration that makes the table anew (SQLite does so when a column changes)
has to run `guard` again: a trigger goes with its table.
"""

from typing import Any

from django.db import migrations

_SQLITE = """
CREATE TRIGGER core_audit_no_{what} BEFORE {what} ON core_auditentry
BEGIN SELECT RAISE(ABORT, 'The audit trail can''t be edited.'); END
"""
_POSTGRESQL = """
CREATE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The audit trail can''t be edited.'; END $$;
CREATE TRIGGER core_audit_no_change BEFORE UPDATE OR DELETE ON core_auditentry
FOR EACH ROW EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER core_audit_no_emptying BEFORE TRUNCATE ON core_auditentry
FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse();
"""
_POSTGRESQL_BACK = """
DROP TRIGGER core_audit_no_change ON core_auditentry;
DROP TRIGGER core_audit_no_emptying ON core_auditentry;
DROP FUNCTION core_audit_refuse();
"""
_CHANGES = ("UPDATE", "DELETE")


def guard(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_POSTGRESQL)
        return
    for what in _CHANGES:
        schema_editor.execute(_SQLITE.format(what=what))


def unguard(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_POSTGRESQL_BACK)
        return
    for what in _CHANGES:
        schema_editor.execute(f"DROP TRIGGER core_audit_no_{what}")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
