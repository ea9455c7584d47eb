"""Triggers that refuse to change or delete rows, for both engines."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def statements(vendor: str, table: str) -> tuple[list[str], list[str]]:
    """Return the SQL that makes `table` append-only, and the SQL that undoes it."""
    name = f"{table}_append_only"
    if vendor == "postgresql":
        refuse = f"BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END"
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$",
            f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ], [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"]
    return [
        f"CREATE TRIGGER {name}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ], [f"DROP TRIGGER {name}_{verb}" for verb in ("update", "delete")]


def execute(editor: BaseDatabaseSchemaEditor, table: str, which: int) -> None:
    for statement in statements(editor.connection.vendor, table)[which]:
        editor.execute(statement)


def make_append_only(table: str) -> migrations.RunPython:
    return migrations.RunPython(
        lambda _, editor: execute(editor, table, 0), lambda _, editor: execute(editor, table, 1)
    )
