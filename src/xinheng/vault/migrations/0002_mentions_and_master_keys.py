"""Which batches name a person, which key sealed each version, which master key is the present one."""

import django.db.models.deletion
from django.db import migrations, models

# A destroyed key stays destroyed, and no key is deleted: its row is the proof of when and why it ended.
KEYS_END_ONCE = """
CREATE FUNCTION vault_key_ends_once() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.destroyed_at IS NOT NULL THEN
        RAISE EXCEPTION '已销毁的密钥不能恢复，密钥记录不能删除' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER vault_datakey_ends_once BEFORE UPDATE OR DELETE ON vault_datakey
FOR EACH ROW EXECUTE FUNCTION vault_key_ends_once();
"""

KEYS_END_ONCE_BACK = """
DROP TRIGGER vault_datakey_ends_once ON vault_datakey;
DROP FUNCTION vault_key_ends_once();
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_keys_and_sealed_rows")]

    operations = [
        migrations.AddField(
            model_name="sealedrecord",
            name="key",
            field=models.ForeignKey(default=0, on_delete=django.db.models.deletion.PROTECT, to="vault.datakey"),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="MasterKeyUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("fingerprint", models.CharField(max_length=16, unique=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("until",),
                        name="one_present_master_key",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonMention",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("blind_index", models.UUIDField()),
                ("batch_no", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("blind_index", "batch_no"), name="person_mentioned_once_per_batch")
                ],
            },
        ),
        migrations.RunSQL(KEYS_END_ONCE, KEYS_END_ONCE_BACK),
    ]
