"""What was compared and decided about names is kept: comparisons are never changed, decisions never deleted."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION matching_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING MESSAGE = 'What was compared and decided about names is kept.';
END
$$;
CREATE TRIGGER matching_comparison_kept BEFORE UPDATE OR DELETE ON matching_comparison
    FOR EACH STATEMENT EXECUTE FUNCTION matching_keep();
CREATE TRIGGER matching_decision_kept BEFORE DELETE ON matching_namedecision
    FOR EACH STATEMENT EXECUTE FUNCTION matching_keep();
"""
UNKEPT = """
DROP TRIGGER matching_comparison_kept ON matching_comparison;
DROP TRIGGER matching_decision_kept ON matching_namedecision;
DROP FUNCTION matching_keep();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_batches_and_files"),
        ("people", "0003_sign_on_recovery_words_consent_requests"),
        ("register", "0008_links_by_comparing_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MatchRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matcher", models.CharField(max_length=20)),
                ("looked_at", models.IntegerField()),
                ("linked", models.IntegerField()),
                ("unsure", models.IntegerField()),
                ("remembered", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("batch", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="ledger.batch")),
            ],
        ),
        migrations.CreateModel(
            name="NameDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=300)),
                ("name_key", models.CharField(max_length=300)),
                ("code", models.CharField(max_length=50)),
                (
                    "refused",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("review_id", models.BigIntegerField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_why", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("department", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.department")),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="register.organisation"
                    ),
                ),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.region")),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("review_id", models.BigIntegerField()),
                ("record_no", models.BigIntegerField()),
                ("row_no", models.BigIntegerField()),
                ("typed_name", models.CharField(max_length=300)),
                ("known_name", models.CharField(max_length=300)),
                ("former", models.BooleanField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[("same", "同一主体"), ("unsure", "须由人核对"), ("different", "不同主体")],
                        max_length=10,
                    ),
                ),
                ("score", models.SmallIntegerField()),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), size=None),
                ),
                ("points", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ("linked", models.BooleanField()),
                ("matcher", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="ledger.batch")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="register.organisation"),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="matching.namedecision"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="namedecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)),
                fields=("department", "name_key", "code"),
                name="one_decision_on_a_typed_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="namedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_by", None), ("undone_why", "")),
                    models.Q(
                        ("undone_at__isnull", False),
                        ("undone_by__isnull", False),
                        models.Q(("undone_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="decision_undone_by_somebody_with_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="comparison",
            index=models.Index(fields=["review_id"], name="comparison_of_question"),
        ),
        migrations.AddIndex(
            model_name="comparison",
            index=models.Index(fields=["organisation"], name="comparison_of_organisation"),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 1000)), name="score_out_of_a_thousand"
            ),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reasons__len",
                        models.Func(models.F("words"), function="cardinality", output_field=models.IntegerField()),
                    ),
                    (
                        "points__len",
                        models.Func(models.F("words"), function="cardinality", output_field=models.IntegerField()),
                    ),
                ),
                name="every_reason_has_words_and_points",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.UniqueConstraint(
                condition=models.Q(("linked", True)), fields=("review_id",), name="linked_by_one_comparison"
            ),
        ),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
