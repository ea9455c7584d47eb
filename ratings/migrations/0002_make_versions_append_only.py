from django.db import migrations

from alliance_tracker.audit.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_create_tables")]
    operations = [make_append_only("ratings_ratingversion")]
