import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_regions_departments_officers"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnsweredWrite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100)),
                ("request_digest", models.CharField(max_length=64)),
                ("deliveries", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("answered_at", models.DateTimeField()),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.apiclient")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("client", "key"), name="idempotency_key_once_per_client")
                ],
            },
        ),
    ]
