"""Each record about a person gets a key of its own, and the dates from which its retention is counted.

Records sealed before keep the key they share; such a key is destroyed with the last of them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_mentions_and_master_keys")]

    operations = [
        migrations.RemoveField(model_name="person", name="key"),
        migrations.AddField(model_name="sealedrecord", name="decided_on", field=models.DateField(null=True)),
        migrations.AddField(model_name="sealedrecord", name="valid_to", field=models.DateField(null=True)),
        migrations.AddIndex(
            model_name="sealedrecord", index=models.Index(fields=["batch_no"], name="sealed_record_by_batch")
        ),
    ]
