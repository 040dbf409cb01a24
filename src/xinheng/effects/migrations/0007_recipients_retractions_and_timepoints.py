"""Who holds copies and what they were asked to remove; timepoints of the public feed."""

import django.db.models.deletion
from django.db import migrations, models

WAITING = """
-- Every event waits for its timepoint, whoever writes it.
CREATE FUNCTION effects_feed_waits() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO effects_feedwaiting (event_id) SELECT id FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER effects_feed_waits AFTER INSERT ON effects_feedevent
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION effects_feed_waits();
INSERT INTO effects_feedwaiting (event_id) SELECT id FROM effects_feedevent;
"""

WAITING_BACK = """
DROP TRIGGER effects_feed_waits ON effects_feedevent;
DROP FUNCTION effects_feed_waits();
"""

KEPT = """
CREATE TRIGGER effects_step_kept BEFORE UPDATE OR DELETE ON effects_retractionstep
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_retraction_kept BEFORE DELETE ON effects_retraction
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_handed_kept BEFORE DELETE ON effects_handedversion
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();

-- Only how far a retraction has come may change, and a confirmation is never without the row that says whose it is.
CREATE FUNCTION effects_check_retraction() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM before o JOIN after n ON n.id = o.id
    WHERE (o.region_id, o.recipient_id, o.record_id, o.effect_id, o.handover_id, o.cause, o.batch_no, o.written_at)
          IS DISTINCT FROM
          (n.region_id, n.recipient_id, n.record_id, n.effect_id, n.handover_id, n.cause, n.batch_no, n.written_at)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'what a retraction asks for is never edited' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM before o JOIN after n ON n.id = o.id
    WHERE n.confirmed_at IS DISTINCT FROM o.confirmed_at AND NOT EXISTS (
        SELECT 1 FROM effects_retractionstep s WHERE s.retraction_id = n.id
          AND (s.at = n.confirmed_at OR (n.confirmed_at IS NULL AND s.step = 'still_held')))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a confirmation needs a row that says whose it is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER effects_retraction_changed AFTER UPDATE ON effects_retraction
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION effects_check_retraction();
"""

KEPT_BACK = """
DROP TRIGGER effects_retraction_changed ON effects_retraction;
DROP FUNCTION effects_check_retraction();
DROP TRIGGER effects_handed_kept ON effects_handedversion;
DROP TRIGGER effects_retraction_kept ON effects_retraction;
DROP TRIGGER effects_step_kept ON effects_retractionstep;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("effects", "0006_corrected_versions_may_be_published_anew"),
        ("people", "0001_regions_departments_officers"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedWaiting",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="RetractionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("retraction_id", models.BigIntegerField(db_index=True)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("acknowledged", "接口已确认"),
                            ("confirmed", "登记书面确认"),
                            ("still_held", "发现仍在使用"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.CharField(blank=True, max_length=50)),
                ("actor_name", models.CharField(max_length=100)),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="Timepoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="HandedVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handover_id", models.BigIntegerField()),
                ("recipient_id", models.BigIntegerField()),
                ("record_id", models.BigIntegerField()),
                ("retracted_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retracted_at", None)),
                        fields=("record_id", "recipient_id"),
                        name="version_held_once_per_recipient",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("api_client", "接口程序"),
                            ("export", "导出文件"),
                            ("upper_platform", "上级平台"),
                            ("report", "信用报告"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "confirming",
                    models.CharField(choices=[("by_call", "接口确认"), ("in_writing", "书面确认")], max_length=20),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.apiclient"),
                ),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.region")),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("day", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                ("versions", models.BigIntegerField()),
                ("valid_until", models.DateField(null=True)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.CharField(blank=True, max_length=50)),
                ("actor_name", models.CharField(max_length=100)),
                ("recipient", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="effects.recipient")),
            ],
        ),
        migrations.CreateModel(
            name="Retraction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_id", models.BigIntegerField()),
                ("record_id", models.BigIntegerField()),
                ("effect_id", models.BigIntegerField(null=True)),
                ("handover_id", models.BigIntegerField()),
                (
                    "cause",
                    models.CharField(
                        choices=[("ended", "公示提前终止"), ("suspended", "公示暂停"), ("replaced", "记录更正或撤回")],
                        max_length=20,
                    ),
                ),
                ("batch_no", models.BigIntegerField(null=True)),
                ("written_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("contested", models.BooleanField(default=False)),
                ("reminders", models.SmallIntegerField(default=0)),
                ("reminded_on", models.DateField(null=True)),
                ("recipient", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="effects.recipient")),
            ],
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "api_client"), _negated=True),
                fields=("region", "kind", "name"),
                name="recipient_once_per_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("client__isnull", False), ("confirming", "by_call"), ("kind", "api_client")),
                    models.Q(
                        models.Q(("kind", "api_client"), _negated=True), ("client", None), ("confirming", "in_writing")
                    ),
                    _connector="OR",
                ),
                name="only_programs_confirm_by_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(fields=("recipient", "day"), name="calls_of_a_day_are_one_handover"),
        ),
        migrations.AddIndex(
            model_name="retraction",
            index=models.Index(fields=["recipient", "id"], name="retraction_by_recipient"),
        ),
        migrations.AddIndex(
            model_name="retraction",
            index=models.Index(
                condition=models.Q(("confirmed_at", None)), fields=["due_on", "id"], name="open_retraction_by_due_day"
            ),
        ),
        migrations.AddIndex(
            model_name="retraction",
            index=models.Index(fields=["record_id"], name="retraction_by_record"),
        ),
        migrations.AddConstraint(
            model_name="retraction",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause", "replaced"), ("effect_id__isnull", False), _connector="OR"),
                name="retraction_names_its_effect",
            ),
        ),
        migrations.AddConstraint(
            model_name="retraction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reminded_on", None), ("reminders", 0)),
                    models.Q(("reminders__gt", 0), ("reminded_on__isnull", False)),
                    _connector="OR",
                ),
                name="reminders_have_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="retraction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_at", None), ("confirmed_at__gte", models.F("written_at")), _connector="OR"
                ),
                name="confirmed_after_written",
            ),
        ),
        migrations.RunSQL(WAITING, WAITING_BACK),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
