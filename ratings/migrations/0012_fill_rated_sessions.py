from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    rated = apps.get_model("ratings", "Rating").objects.filter(rater="clinician")
    apps.get_model("clients", "TherapySession").objects.filter(pk__in=rated.values("session")).update(rated=True)


class Migration(migrations.Migration):
    dependencies = [("clients", "0006_add_rated_to_sessions"), ("ratings", "0011_keep_moved_ratings_apart")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
