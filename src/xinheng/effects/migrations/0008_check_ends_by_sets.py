"""Plan the checks of mass changes anew each time, by the number of rows at hand.

A cached plan, or one made for a single first hit, walked through all pairs of rows: 10 000 ends took 40 seconds.
"""

from django.db import migrations

BY_SETS = """
CREATE OR REPLACE FUNCTION effects_check_ended() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken bigint;
BEGIN
    EXECUTE $q$
        SELECT count(*) FROM before o LEFT JOIN after n ON n.id = o.id
        WHERE n.id IS NULL OR o.ended_at IS NOT NULL OR n.ended_at IS NULL
           OR (o.region_id, o.subject_no, o.kind, o.record_id, o.decision, o.parent_id, o.basis_set_id, o.terms_id,
               o.starts, o.ends, o.removal_rule, o.created_at, o.created_by_batch)
              IS DISTINCT FROM
              (n.region_id, n.subject_no, n.kind, n.record_id, n.decision, n.parent_id, n.basis_set_id, n.terms_id,
               n.starts, n.ends, n.removal_rule, n.created_at, n.created_by_batch)
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

CREATE OR REPLACE FUNCTION effects_check_retraction() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken bigint;
BEGIN
    EXECUTE $q$
        SELECT count(*) FROM before o LEFT JOIN after n ON n.id = o.id
        WHERE n.id IS NULL
           OR (o.region_id, o.recipient_id, o.record_id, o.effect_id, o.handover_id, o.cause, o.batch_no, o.written_at)
              IS DISTINCT FROM
              (n.region_id, n.recipient_id, n.record_id, n.effect_id, n.handover_id, n.cause, n.batch_no, n.written_at)
    $q$ INTO broken;
    IF broken > 0 THEN
        RAISE EXCEPTION 'what a retraction asks for is never edited' USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE $q$
        SELECT count(*) FROM before o JOIN after n ON n.id = o.id
        WHERE n.confirmed_at IS DISTINCT FROM o.confirmed_at AND NOT EXISTS (
            SELECT 1 FROM effects_retractionstep s WHERE s.retraction_id = n.id
              AND s.step = CASE WHEN n.confirmed_at IS NULL THEN 'still_held' ELSE s.step END
              AND s.at = coalesce(n.confirmed_at, s.at))
    $q$ INTO broken;
    IF broken > 0 THEN
        RAISE EXCEPTION 'a confirmation needs a row that says whose it is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("effects", "0007_recipients_retractions_and_timepoints"),
    ]

    operations = [migrations.RunSQL(BY_SETS, migrations.RunSQL.noop)]
