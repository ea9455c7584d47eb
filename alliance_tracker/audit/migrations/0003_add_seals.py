import django.utils.timezone
from django.db import migrations, models

from alliance_tracker.audit.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_make_append_only")]

    operations = [
        migrations.AddIndex(model_name="auditevent", index=models.Index(fields=["at", "id"], name="audit_by_time")),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
                ("events", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        make_append_only("audit_auditseal"),
    ]
