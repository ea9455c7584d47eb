"""Triggers that refuse to change or delete rows, for both engines.

A table may have two exceptions, called doors: a row that a permit names (`alliance_tracker/audit/permits.py`) may be
erased, or its encrypted columns written anew with another key. Nothing else of it changes even then.
"""

from collections.abc import Sequence
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alliance_tracker.encryption import encrypted_fields

PERMITTED = "EXISTS (SELECT 1 FROM audit_permit WHERE row_id = OLD.id AND verb = '{}')"


def statements(
    vendor: str, table: str, columns: Sequence[str] = (), encrypted: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """Return the SQL that makes `table` append-only, and the SQL that undoes it. With `columns` it has doors."""
    name = f"{table}_append_only"
    erased, rewritten = PERMITTED.format("erase"), rewriting(vendor, columns, encrypted)
    if vendor == "postgresql":
        doors = (
            f"IF TG_OP = 'DELETE' AND {erased} THEN RETURN OLD; END IF; "
            f"IF TG_OP = 'UPDATE' THEN IF {rewritten} THEN RETURN NEW; END IF; END IF; "
        )
        refuse = f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation';"
        body = f"BEGIN {doors if columns else ''}{refuse} END"
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ], [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"]
    conditions = {"UPDATE": f"WHEN NOT ({rewritten})", "DELETE": f"WHEN NOT {erased}"}
    return [
        f"CREATE TRIGGER {name}_{verb.lower()} BEFORE {verb} ON {table} {door if columns else ''} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb, door in conditions.items()
    ], [f"DROP TRIGGER {name}_{verb}" for verb in ("update", "delete")]


def rewriting(vendor: str, columns: Sequence[str], encrypted: Sequence[str]) -> str:
    """Return the condition that an update is permitted, changes encrypted columns only, and empties or fills none."""
    conditions = [PERMITTED.format("rewrite"), *(f"(OLD.{name} = '') = (NEW.{name} = '')" for name in encrypted)]
    if vendor == "postgresql":
        left_out = f"ARRAY[{', '.join(repr(name) for name in encrypted)}]::text[]"
        conditions.append(f"to_jsonb(OLD) - {left_out} = to_jsonb(NEW) - {left_out}")
    else:
        conditions += [f"OLD.{name} IS NEW.{name}" for name in columns if name not in encrypted]
    return " AND ".join(conditions)


def execute(editor: BaseDatabaseSchemaEditor, table: str, which: int, *doors: Sequence[str]) -> None:
    for statement in statements(editor.connection.vendor, table, *doors)[which]:
        editor.execute(statement)


def make_append_only(table: str) -> migrations.RunPython:
    return migrations.RunPython(
        lambda _, editor: execute(editor, table, 0), lambda _, editor: execute(editor, table, 1)
    )


def doors_of(apps: Apps, app: str, model: str) -> tuple[list[str], list[str]]:
    found: Any = apps.get_model(app, model)
    columns = [field.column for field in found._meta.concrete_fields]  # noqa: SLF001
    return columns, [column for field in encrypted_fields(found) if (column := field.column)]


def make_append_only_with_doors(app: str, model: str) -> migrations.RunPython:
    table = f"{app}_{model}"
    return migrations.RunPython(
        lambda apps, editor: execute(editor, table, 0, *doors_of(apps, app, model)),
        lambda _, editor: execute(editor, table, 1),
    )


def add_doors(app: str, model: str) -> migrations.RunPython:
    """Give an append-only table its doors."""
    table = f"{app}_{model}"

    def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        execute(editor, table, 1)
        execute(editor, table, 0, *doors_of(apps, app, model))

    def backwards(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        execute(editor, table, 1)
        execute(editor, table, 0)

    return migrations.RunPython(forwards, backwards)
