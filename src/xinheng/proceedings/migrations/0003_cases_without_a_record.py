"""Cases about what has no record here, and about what an officer did."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE OR REPLACE FUNCTION proceedings_keep_identity() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.number, OLD.region_id, OLD.procedure, OLD.rule_set, OLD.record_no, OLD.record_title, OLD.department_id,
        OLD.concerned_id, OLD.opened_at)
       IS DISTINCT FROM
       (NEW.number, NEW.region_id, NEW.procedure, NEW.rule_set, NEW.record_no, NEW.record_title, NEW.department_id,
        NEW.concerned_id, NEW.opened_at) THEN
        RAISE EXCEPTION 'a case keeps what it was opened for' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0002_events_are_only_added"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="concerned",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="channel",
            field=models.CharField(
                choices=[
                    ("centre", "企业中心"),
                    ("counter", "服务窗口"),
                    ("telephone", "电话"),
                    ("mail", "电子邮件"),
                    ("national", "全国统一入口"),
                    ("log", "操作日志"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
