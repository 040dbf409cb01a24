"""A call about many keeps its codes in one row for some thousand of them; the answer looks a code up with one probe."""

from importlib import import_module

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

BEFORE = import_module("xinheng.checks.migrations.0002_check_answer_and_nothing_changes")

TOGETHER = """
INSERT INTO checks_checkpart (request_number, first, codes, entries, measures)
SELECT q.number, 1 + 10000 * (s.n / 10000), array_agg(coalesce(l.code, '') ORDER BY s.n),
       array_agg(coalesce(l.entries, 0) ORDER BY s.n), array_agg(coalesce(l.measures, 0) ORDER BY s.n)
FROM checks_checkrequest q
CROSS JOIN generate_series(0, q.codes - 1) AS s (n)
LEFT JOIN checks_checkline l ON l.request_number = q.number AND l.place = s.n + 1
WHERE q.mode = 'many'
GROUP BY q.number, s.n / 10000
"""
APART = """
INSERT INTO checks_checkline (request_number, place, code, entries, measures)
SELECT p.request_number, p.first + n - 1, code, entry, measure
FROM checks_checkpart p
CROSS JOIN unnest(p.codes, p.entries, p.measures) WITH ORDINALITY AS line (code, entry, measure, n)
WHERE code <> ''
"""
KEPT = """
CREATE TRIGGER check_part_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON checks_checkpart
FOR EACH STATEMENT EXECUTE FUNCTION checks_refuse_change();
"""
LINES_KEPT = """
CREATE TRIGGER check_line_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON checks_checkline
FOR EACH STATEMENT EXECUTE FUNCTION checks_refuse_change();
"""
# Nearly every code asked is a credit code, which one organisation bears at a time: nothing to sort among.
_SLOW = """
    LEFT JOIN LATERAL (
        SELECT i.organisation_id FROM register_identifier i
        WHERE i.value = q.code AND i.known_to IS NULL ORDER BY (i.kind = 'credit_code') DESC, i.id LIMIT 1
    ) i ON true
    LEFT JOIN register_organisation o ON o.id = i.organisation_id
"""
_FAST = """
    LEFT JOIN register_identifier c ON c.kind = 'credit_code' AND c.value = q.code AND c.known_to IS NULL
    LEFT JOIN LATERAL (
        SELECT i.organisation_id FROM register_identifier i
        WHERE c.id IS NULL AND i.value = q.code AND i.known_to IS NULL ORDER BY i.id LIMIT 1
    ) i ON true
    LEFT JOIN register_organisation o ON o.id = coalesce(c.organisation_id, i.organisation_id)
"""
REPLACED = BEFORE.ANSWER.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
ANSWER = REPLACED.replace(_SLOW, _FAST)


class Migration(migrations.Migration):
    dependencies = [
        ("checks", "0003_files_of_codes_are_answered_by_a_job"),
    ]

    operations = [
        migrations.RunSQL(ANSWER, REPLACED),
        migrations.CreateModel(
            name="CheckPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_number", models.CharField(max_length=40)),
                ("first", models.IntegerField()),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                (
                    "entries",
                    django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None),
                ),
                (
                    "measures",
                    django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None),
                ),
            ],
        ),
        migrations.RunSQL("DROP TRIGGER check_line_kept ON checks_checkline;", LINES_KEPT),
        migrations.RunSQL(TOGETHER, APART),
        migrations.DeleteModel(name="CheckLine"),
        migrations.AddIndex(
            model_name="checkpart",
            index=django.contrib.postgres.indexes.GinIndex(fields=["codes"], name="check_part_by_code"),
        ),
        migrations.AddConstraint(
            model_name="checkpart",
            constraint=models.UniqueConstraint(fields=("request_number", "first"), name="check_part_once"),
        ),
        migrations.AddConstraint(
            model_name="checkpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("entries__len", models.F("codes__len")), ("measures__len", models.F("codes__len"))),
                name="check_part_counts_for_each_code",
            ),
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER check_part_kept ON checks_checkpart;"),
    ]
