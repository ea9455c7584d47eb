import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alliance_tracker.audit.append_only import doors_of, execute, make_append_only_with_doors

TABLE = "ratings_ratingversion"


def take_triggers_off(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Before the column changes: SQLite makes the table anew, and would lose them."""
    execute(editor, TABLE, 1)


def put_triggers_on(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    execute(editor, TABLE, 0, *doors_of(apps, "ratings", "ratingversion"))


class Migration(migrations.Migration):
    dependencies = [("ratings", "0010_add_doors_for_erasure")]
    operations = [
        migrations.RunPython(take_triggers_off, put_triggers_on),
        migrations.AlterField(
            model_name="ratingversion",
            name="moved_from",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="clients.therapysession",
            ),
        ),
        make_append_only_with_doors("ratings", "ratingversion"),
    ]
