from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ratings", "0004_add_client_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="clientlink",
            name="mailed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
