"""Credit reports that were issued, never changed afterwards."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE FUNCTION products_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER products_report_kept BEFORE UPDATE OR DELETE ON products_issuedreport
FOR EACH STATEMENT EXECUTE FUNCTION products_refuse_change();
"""

KEPT_BACK = """
DROP TRIGGER products_report_kept ON products_issuedreport;
DROP FUNCTION products_refuse_change();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("effects", "0007_recipients_retractions_and_timepoints"),
        ("people", "0001_regions_departments_officers"),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(choices=[("plain", "普通版"), ("clean", "无违法违规记录版")], max_length=10)),
                ("organisation_id", models.BigIntegerField(db_index=True)),
                ("organisation_name", models.CharField(max_length=200)),
                ("credit_code", models.CharField(db_index=True, max_length=18)),
                ("purpose", models.CharField(max_length=200)),
                ("issued_by_kind", models.CharField(max_length=10)),
                ("issued_by_id", models.CharField(blank=True, max_length=50)),
                ("issued_by_name", models.CharField(max_length=100)),
                ("issued_at", models.DateTimeField()),
                ("valid_until", models.DateField()),
                ("content_digest", models.CharField(max_length=64)),
                ("file_digest", models.CharField(max_length=64, unique=True)),
                ("handover", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="effects.handover")),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.region")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("credit_code", ""), _negated=True),
                        name="report_is_of_an_organisation_with_a_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True), name="report_states_its_purpose"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("issued_at__date"))),
                        name="report_is_valid_when_issued",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
