"""An entry of a list carries the day of its removal, so that what it caused ends as removed and on that day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0006_offices_of_records_are_checked_by_sets"),
    ]

    operations = [
        migrations.AddField(model_name="record", name="removed_on", field=models.DateField(null=True)),
    ]
