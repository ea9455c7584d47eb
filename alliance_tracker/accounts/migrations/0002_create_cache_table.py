from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, editor):
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_create_tables")]
    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
