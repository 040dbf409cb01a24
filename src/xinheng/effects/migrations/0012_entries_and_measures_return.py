"""An entry that should not have left its list returns, and with it, after a new notice, what followed from it.

Several measures of one record return side by side, each for the one that it makes good. The decision may stand before
the effect that it lets return: an entry returns when the engine lists it by the rules of that day.
"""

from django.db import migrations, models

RETURN = """
CREATE OR REPLACE FUNCTION effects_check_restored() RETURNS trigger LANGUAGE plpgsql
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
                OR (n.kind IN ('restraint', 'incentive')
                    AND (SELECT t.measure_key FROM effects_measureterms t WHERE t.id = o.terms_id)
                        IS DISTINCT FROM (SELECT t.measure_key FROM effects_measureterms t WHERE t.id = n.terms_id))
                THEN 'what returns is another thing than what ended'
            WHEN o.ends IS NOT NULL AND (n.ends IS NULL OR n.ends > o.ends)
                THEN 'what returns lasts longer than what ended would have'
            WHEN NOT EXISTS (SELECT 1 FROM effects_effectchange c
                             WHERE c.effect_id = o.id AND c.change = 'restored' AND c.at <= n.created_at)
                THEN 'a return needs a row that says who decided it and why'
            WHEN EXISTS (SELECT 1 FROM effects_effect a JOIN register_record v ON v.id = a.record_id
                         WHERE v.record_no = r.record_no AND a.id <> n.id AND a.kind = n.kind AND a.ended_at IS NULL
                           AND (a.ends IS NULL OR a.ends > n.starts)
                           AND (n.kind NOT IN ('restraint', 'incentive')
                                OR (SELECT t.measure_key FROM effects_measureterms t WHERE t.id = a.terms_id)
                                   = (SELECT t.measure_key FROM effects_measureterms t WHERE t.id = n.terms_id)))
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
"""

RETURN_BACK = """
CREATE OR REPLACE FUNCTION effects_check_restored() RETURNS trigger LANGUAGE plpgsql
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
"""


class Migration(migrations.Migration):
    dependencies = [("effects", "0011_many_effects_by_sets")]

    operations = [
        migrations.AddIndex(
            model_name="effectchange",
            index=models.Index(
                condition=models.Q(("change", "restored")), fields=["effect_id"], name="change_that_restores"
            ),
        ),
        migrations.RunSQL(RETURN, RETURN_BACK),
    ]
