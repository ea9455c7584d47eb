from django.db import migrations

from alliance_tracker.audit.append_only import add_doors, make_append_only, make_append_only_with_doors


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_add_permits"),
        ("ratings", "0009_add_privacy_tables"),
    ]
    operations = [
        make_append_only("ratings_tombstone"),
        make_append_only_with_doors("ratings", "rectification"),
        add_doors("ratings", "ratingversion"),
    ]
