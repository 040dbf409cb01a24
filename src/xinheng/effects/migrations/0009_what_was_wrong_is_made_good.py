"""A publication that should not have ended returns as a new effect that names the one it makes good.

What ended stays ended. The database lets something return once, only for the same record, never beyond the day it
would have run out, and only with the row that says who decided so.
"""

from django.db import migrations, models

RESTORED = """
CREATE OR REPLACE FUNCTION effects_check_ended() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken bigint;
BEGIN
    EXECUTE $q$
        SELECT count(*) FROM before o LEFT JOIN after n ON n.id = o.id
        WHERE n.id IS NULL OR o.ended_at IS NOT NULL OR n.ended_at IS NULL
           OR (o.region_id, o.subject_no, o.kind, o.record_id, o.decision, o.parent_id, o.basis_set_id, o.terms_id,
               o.starts, o.ends, o.removal_rule, o.created_at, o.created_by_batch, o.restores_id)
              IS DISTINCT FROM
              (n.region_id, n.subject_no, n.kind, n.record_id, n.decision, n.parent_id, n.basis_set_id, n.terms_id,
               n.starts, n.ends, n.removal_rule, n.created_at, n.created_by_batch, n.restores_id)
    $q$ INTO broken;
    IF broken > 0 THEN
        RAISE EXCEPTION 'an effect is never edited; it may end early, once' USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE $q$
        SELECT count(*) FROM after n WHERE NOT EXISTS (
            SELECT 1 FROM effects_effectchange c
            WHERE c.effect_id = n.id AND c.change = 'ended' AND c.at = n.ended_at
        )
    $q$ INTO broken;
    IF broken > 0 THEN
        RAISE EXCEPTION 'an early end needs a row that says who ended it and why' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION effects_check_restored() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM added WHERE restores_id IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT problem INTO broken FROM (
        SELECT CASE
            WHEN o.id IS NULL OR o.ended_at IS NULL OR o.end_reason IN ('corrected', 'superseded')
                THEN 'only an effect that ended early, for good, can be made good'
            WHEN o.kind <> n.kind OR o.region_id <> n.region_id OR p.record_no IS DISTINCT FROM r.record_no
                THEN 'what returns is another thing than what ended'
            WHEN o.ends IS NOT NULL AND (n.ends IS NULL OR n.ends > o.ends)
                THEN 'what returns lasts longer than what ended would have'
            WHEN NOT EXISTS (SELECT 1 FROM effects_effectchange c
                             WHERE c.effect_id = o.id AND c.change = 'restored' AND c.at = n.created_at)
                THEN 'a return needs a row that says who decided it and why'
            WHEN EXISTS (SELECT 1 FROM effects_effect a JOIN register_record v ON v.id = a.record_id
                         WHERE v.record_no = r.record_no AND a.id <> n.id AND a.kind = n.kind AND a.ended_at IS NULL
                           AND (a.ends IS NULL OR a.ends > n.starts))
                THEN 'what is in force does not return'
            END AS problem
        FROM added n LEFT JOIN effects_effect o ON o.id = n.restores_id
        LEFT JOIN register_record r ON r.id = n.record_id LEFT JOIN register_record p ON p.id = o.record_id
        WHERE n.restores_id IS NOT NULL
    ) AS checked WHERE problem IS NOT NULL LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION '%', broken USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER effects_restored AFTER INSERT ON effects_effect
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION effects_check_restored();
"""

RESTORED_BACK = """
DROP TRIGGER effects_restored ON effects_effect;
DROP FUNCTION effects_check_restored();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("effects", "0008_check_ends_by_sets"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="effect",
            name="one_publication_of_a_record_version",
        ),
        migrations.RemoveConstraint(
            model_name="retraction",
            name="retraction_names_its_effect",
        ),
        migrations.AddField(
            model_name="effect",
            name="restores_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="effect",
            name="end_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("repaired", "信用修复"),
                    ("objection_upheld", "异议成立"),
                    ("corrected", "更正"),
                    ("withdrawn", "撤回"),
                    ("removed", "移出"),
                    ("superseded", "被取代"),
                    ("unfounded", "自始不当"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="effectchange",
            name="change",
            field=models.CharField(
                choices=[
                    ("ended", "提前终止"),
                    ("suspended", "暂停"),
                    ("resumed", "恢复"),
                    ("restored", "另行恢复"),
                    ("annulled", "认定自始不当"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="retraction",
            name="cause",
            field=models.CharField(
                choices=[
                    ("ended", "公示提前终止"),
                    ("suspended", "公示暂停"),
                    ("replaced", "记录更正或撤回"),
                    ("wrong", "自始不当，须纠正"),
                    ("restored", "恢复公示"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="retractionstep",
            name="step",
            field=models.CharField(
                choices=[
                    ("acknowledged", "接口已确认"),
                    ("confirmed", "登记书面确认"),
                    ("still_held", "发现仍在使用"),
                    ("not_needed", "已恢复公示，不需要再停用"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "publication"), models.Q(("end_reason", "corrected"), _negated=True)),
                fields=("record_id", "restores_id"),
                name="one_publication_of_a_record_version",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(
                condition=models.Q(("restores_id__isnull", False)),
                fields=("restores_id",),
                name="ended_effect_restored_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="retraction",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause__in", ["replaced", "wrong"]), ("effect_id__isnull", False), _connector="OR"),
                name="retraction_names_its_effect",
            ),
        ),
        migrations.RunSQL(RESTORED, RESTORED_BACK),
    ]
