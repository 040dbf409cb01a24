"""What follows from an entry: notices, tasks and their course, treatments. What somebody said is never changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION measures_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER measures_noticed_kept BEFORE UPDATE OR DELETE ON measures_noticemeasure
FOR EACH STATEMENT EXECUTE FUNCTION measures_refuse_change();
CREATE TRIGGER measures_step_kept BEFORE UPDATE OR DELETE ON measures_taskstep
FOR EACH STATEMENT EXECUTE FUNCTION measures_refuse_change();
CREATE TRIGGER measures_feedback_kept BEFORE UPDATE OR DELETE ON measures_feedback
FOR EACH STATEMENT EXECUTE FUNCTION measures_refuse_change();
CREATE TRIGGER measures_treatment_kept BEFORE UPDATE OR DELETE ON measures_treatment
FOR EACH STATEMENT EXECUTE FUNCTION measures_refuse_change();
CREATE TRIGGER measures_notice_kept BEFORE DELETE ON measures_notice
FOR EACH STATEMENT EXECUTE FUNCTION measures_refuse_change();
CREATE TRIGGER measures_task_kept BEFORE DELETE ON measures_measuretask
FOR EACH STATEMENT EXECUTE FUNCTION measures_refuse_change();

-- The text of a notice stands; it is served once and closed once.
CREATE FUNCTION measures_check_notice() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM before o LEFT JOIN after n ON n.id = o.id
    WHERE n.id IS NULL OR (o.service_id IS NOT NULL AND n.service_id IS DISTINCT FROM o.service_id)
       OR (o.closed_at IS NOT NULL AND n.closed_at IS DISTINCT FROM o.closed_at)
       OR (o.region_id, o.number, o.record_no, o.subject_no, o.subject_name, o.credit_code, o.list_key, o.list_title,
           o.paragraphs, o.ends, o.removal_rule, o.made_at)
          IS DISTINCT FROM
          (n.region_id, n.number, n.record_no, n.subject_no, n.subject_name, n.credit_code, n.list_key, n.list_title,
           n.paragraphs, n.ends, n.removal_rule, n.made_at)
       OR (n.service_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM effects_service s
           WHERE s.id = n.service_id AND s.record_no = n.record_no AND s.subject_no = n.subject_no))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a notice is never edited; it is served once, by its service, and closed once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER measures_notice_changed AFTER UPDATE ON measures_notice
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION measures_check_notice();
"""

KEPT_BACK = """
DROP TRIGGER measures_notice_changed ON measures_notice;
DROP FUNCTION measures_check_notice();
DROP TRIGGER measures_task_kept ON measures_measuretask;
DROP TRIGGER measures_notice_kept ON measures_notice;
DROP TRIGGER measures_treatment_kept ON measures_treatment;
DROP TRIGGER measures_feedback_kept ON measures_feedback;
DROP TRIGGER measures_step_kept ON measures_taskstep;
DROP TRIGGER measures_noticed_kept ON measures_noticemeasure;
DROP FUNCTION measures_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("effects", "0010_measures_and_service"),
        ("measures", "0001_publications_of_measures"),
        ("people", "0003_sign_on_recovery_words_consent_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedCursor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reader", models.CharField(max_length=40, unique=True)),
                ("timepoint", models.BigIntegerField()),
                ("ran_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("timepoint__gte", 0)), name="feed_cursor_not_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effect_id", models.BigIntegerField()),
                ("record_no", models.BigIntegerField()),
                ("subject_no", models.BigIntegerField()),
                ("subject_name", models.CharField(max_length=300)),
                ("credit_code", models.CharField(blank=True, max_length=18)),
                ("terms_id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待签收"),
                            ("accepted", "已签收"),
                            ("executed", "已执行"),
                            ("cannot", "不能执行"),
                            ("closed", "措施已终止"),
                        ],
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reminders", models.SmallIntegerField(default=0)),
                ("reminded_on", models.DateField(null=True)),
                ("department", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.department")),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.region")),
            ],
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done_on", models.DateField()),
                ("item", models.CharField(max_length=200)),
                ("amount_fen", models.BigIntegerField(null=True)),
                ("document_no", models.CharField(blank=True, max_length=128)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="feedback", to="measures.measuretask"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60)),
                ("record_no", models.BigIntegerField()),
                ("record_id", models.BigIntegerField()),
                ("subject_no", models.BigIntegerField()),
                ("subject_name", models.CharField(max_length=300)),
                ("credit_code", models.CharField(blank=True, max_length=18)),
                ("list_key", models.CharField(max_length=40)),
                ("list_title", models.CharField(max_length=200)),
                ("paragraphs", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("ends", models.DateField(null=True)),
                ("removal_rule", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("service_id", models.BigIntegerField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=300)),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.region")),
            ],
        ),
        migrations.CreateModel(
            name="NoticeMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure_key", models.CharField(max_length=60)),
                ("edition", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("terms_id", models.BigIntegerField()),
                ("basis_set_id", models.BigIntegerField()),
                ("ends", models.DateField(null=True)),
                ("removal_rule", models.CharField(blank=True, max_length=200)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="measures.notice"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("accept", "签收"),
                            ("execute", "执行"),
                            ("cannot", "说明不能执行"),
                            ("close", "措施终止，停止执行"),
                            ("remind", "催办"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.CharField(blank=True, max_length=50)),
                ("actor_name", models.CharField(max_length=100)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="measures.measuretask"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Treatment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_no", models.BigIntegerField()),
                (
                    "situation",
                    models.CharField(
                        choices=[
                            ("operating", "存续"),
                            ("revoked", "吊销，未注销"),
                            ("cancelled", "注销"),
                            ("bankrupt", "破产"),
                            ("lost", "失联"),
                            ("moved", "迁出"),
                            ("unknown", "未登记状态"),
                        ],
                        max_length=12,
                    ),
                ),
                ("treatment", models.CharField(max_length=500)),
                ("evidence", models.CharField(blank=True, max_length=300)),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.region")),
            ],
        ),
        migrations.CreateModel(
            name="ElectronicAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credit_code", models.CharField(max_length=18)),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisationmembership",
                    ),
                ),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.region")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("region", "credit_code"),
                        name="one_agreement_at_a_time",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="measuretask",
            index=models.Index(fields=["department", "state", "due_on"], name="task_queue"),
        ),
        migrations.AddIndex(
            model_name="measuretask",
            index=models.Index(fields=["subject_no"], name="task_by_subject"),
        ),
        migrations.AddConstraint(
            model_name="measuretask",
            constraint=models.UniqueConstraint(fields=("effect_id", "department"), name="task_once_per_department"),
        ),
        migrations.AddConstraint(
            model_name="measuretask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("state", "waiting")),
                    ("state", "closed"),
                    models.Q(("answered_at__isnull", False), models.Q(("state", "waiting"), _negated=True)),
                    _connector="OR",
                ),
                name="answered_task_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="measuretask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), models.Q(("state", "closed"), _negated=True)),
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    _connector="OR",
                ),
                name="closed_task_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(("item", ""), _negated=True), name="feedback_names_its_matter"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen", None), ("amount_fen__gte", 0), _connector="OR"),
                name="feedback_amount_not_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("closed_at", None), ("service_id", None)),
                fields=["region", "id"],
                name="notice_to_serve",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["record_no"], name="notice_by_record"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["credit_code"], name="notice_by_organisation"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("region", "number"), name="notice_number_once"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("record_no",), name="one_open_notice_of_a_record"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_reason", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("closed_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="notice_closed_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticemeasure",
            constraint=models.UniqueConstraint(fields=("notice", "measure_key"), name="measure_noticed_once"),
        ),
        migrations.AddIndex(
            model_name="treatment",
            index=models.Index(fields=["subject_no", "-id"], name="treatment_by_subject"),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("treatment", ""), _negated=True), name="treatment_says_what"
            ),
        ),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
