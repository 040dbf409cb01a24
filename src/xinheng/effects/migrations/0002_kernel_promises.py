"""The promises of the kernel that look beyond one row, as statement-level triggers with transition tables.

They hold for raw SQL and COPY too, and cost one grouped pass over the written rows instead of one check per row.
"""

from django.db import migrations

INSERTED = """
CREATE FUNCTION effects_check_inserted() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    -- One grouped pass over the new rows; the checks below read a few hundred groups.
    WITH groups AS MATERIALIZED (
        SELECT a.basis_set_id, a.starts, coalesce(r.decided_on, a.starts) AS decided_on, a.terms_id,
               bool_or(a.record_id IS NOT NULL AND r.id IS NULL) AS record_missing,
               bool_or(r.subject_no <> a.subject_no OR r.region_id <> a.region_id) AS record_differs,
               bool_or(a.kind = 'publication' AND (r.known_to IS NOT NULL OR r.withdrawn OR r.gate <> 'open'))
                   AS not_publishable,
               bool_or(a.ended_at IS NOT NULL) AS begins_ended,
               bool_or(a.parent_id IS NOT NULL) AS has_parents
        FROM added a LEFT JOIN register_record r ON r.id = a.record_id
        GROUP BY 1, 2, 3, 4
    ), sets AS MATERIALIZED (SELECT DISTINCT basis_set_id, starts FROM groups)
    SELECT problem INTO broken FROM (
        SELECT 'effect names no record of its subject and region' AS problem
        FROM groups WHERE record_missing OR record_differs
        UNION ALL
        SELECT 'only the open version of a record may be public' FROM groups WHERE not_publishable
        UNION ALL
        SELECT 'an effect does not begin ended' FROM groups WHERE begins_ended
        UNION ALL
        SELECT 'an effect names terms that do not exist' FROM groups g
        WHERE g.terms_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM effects_publicationterms x WHERE x.id = g.terms_id)
        UNION ALL
        SELECT 'an effect names a parent that does not exist' FROM added a
        WHERE EXISTS (SELECT 1 FROM groups WHERE has_parents) AND a.parent_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM effects_effect p WHERE p.id = a.parent_id)
        UNION ALL
        SELECT format('basis set %s has no enabling provision in force on %s', s.basis_set_id, s.starts)
        FROM sets s
        WHERE NOT EXISTS (
            SELECT 1 FROM law_basissetmember m WHERE m.basis_set_id = s.basis_set_id AND m.role = 'enabling'
        ) OR EXISTS (
            SELECT 1 FROM law_basissetmember m JOIN law_provision p ON p.id = m.provision_id
            WHERE m.basis_set_id = s.basis_set_id AND m.role IN ('enabling', 'applied')
              AND (p.superseded_at IS NOT NULL OR p.effective_from > s.starts OR p.effective_to < s.starts)
        )
        UNION ALL
        SELECT format('basis set %s has no governing provision in force on the day of decision %s',
                      g.basis_set_id, g.decided_on)
        FROM groups g
        WHERE NOT EXISTS (
            SELECT 1 FROM law_basissetmember m WHERE m.basis_set_id = g.basis_set_id AND m.role = 'governing'
        ) OR EXISTS (
            SELECT 1 FROM law_basissetmember m
            JOIN law_provision p ON p.id = m.provision_id
            CROSS JOIN LATERAL (SELECT CASE WHEN p.transition THEN g.starts ELSE g.decided_on END AS day) d
            WHERE m.basis_set_id = g.basis_set_id AND m.role = 'governing'
              AND (p.superseded_at IS NOT NULL OR p.effective_from > d.day OR p.effective_to < d.day)
        )
        UNION ALL
        -- A later rule applies to an older decision only through a transition provision.
        SELECT format('basis set %s applies a rule without a transition provision', s.basis_set_id)
        FROM sets s
        WHERE EXISTS (
            SELECT 1 FROM law_basissetmember m WHERE m.basis_set_id = s.basis_set_id AND m.role = 'applied'
        ) AND NOT EXISTS (
            SELECT 1 FROM law_basissetmember m JOIN law_provision p ON p.id = m.provision_id
            WHERE m.basis_set_id = s.basis_set_id AND m.role = 'governing' AND p.transition
        )
    ) AS problems LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION '%', broken USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER effects_inserted AFTER INSERT ON effects_effect
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION effects_check_inserted();
"""

INSERTED_BACK = """
DROP TRIGGER effects_inserted ON effects_effect;
DROP FUNCTION effects_check_inserted();
"""

CHANGED = """
-- Only an early end may be written, once, and with the row that says who ended it and why.
CREATE FUNCTION effects_check_ended() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM before o LEFT JOIN after n ON n.id = o.id
    WHERE n.id IS NULL OR o.ended_at IS NOT NULL OR n.ended_at IS NULL
       OR (o.region_id, o.subject_no, o.kind, o.record_id, o.decision, o.parent_id, o.basis_set_id, o.terms_id,
           o.starts, o.ends, o.removal_rule, o.created_at, o.created_by_batch)
          IS DISTINCT FROM
          (n.region_id, n.subject_no, n.kind, n.record_id, n.decision, n.parent_id, n.basis_set_id, n.terms_id,
           n.starts, n.ends, n.removal_rule, n.created_at, n.created_by_batch)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'an effect is never edited; it may end early, once' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM after n WHERE NOT EXISTS (
        SELECT 1 FROM effects_effectchange c WHERE c.effect_id = n.id AND c.change = 'ended' AND c.at = n.ended_at
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'an early end needs a row that says who ended it and why' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER effects_ended AFTER UPDATE ON effects_effect
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION effects_check_ended();

CREATE FUNCTION effects_check_suspended() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM added s WHERE s.resumed_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM effects_effect e WHERE e.id = s.effect_id
    ) OR NOT EXISTS (
        SELECT 1 FROM effects_effectchange c
        WHERE c.effect_id = s.effect_id AND c.change = 'suspended' AND c.at = s.suspended_at
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a suspension needs its effect and a row that says who suspended it and why'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER effects_suspended AFTER INSERT ON effects_suspension
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION effects_check_suspended();

CREATE FUNCTION effects_check_resumed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM before o LEFT JOIN after n ON n.id = o.id
    WHERE n.id IS NULL OR o.resumed_at IS NOT NULL OR n.resumed_at IS NULL
       OR (o.effect_id, o.cause, o.hides, o.suspended_at, o.reason)
          IS DISTINCT FROM (n.effect_id, n.cause, n.hides, n.suspended_at, n.reason)
       OR NOT EXISTS (
           SELECT 1 FROM effects_effectchange c
           WHERE c.effect_id = n.effect_id AND c.change = 'resumed' AND c.at = n.resumed_at
       ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a suspension is never edited; it may be resumed, once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER effects_resumed AFTER UPDATE ON effects_suspension
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION effects_check_resumed();
"""

CHANGED_BACK = """
DROP TRIGGER effects_resumed ON effects_suspension;
DROP FUNCTION effects_check_resumed();
DROP TRIGGER effects_suspended ON effects_suspension;
DROP FUNCTION effects_check_suspended();
DROP TRIGGER effects_ended ON effects_effect;
DROP FUNCTION effects_check_ended();
"""

KEPT = """
CREATE FUNCTION effects_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;

CREATE TRIGGER effects_effect_kept BEFORE DELETE ON effects_effect
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_suspension_kept BEFORE DELETE ON effects_suspension
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_change_kept BEFORE UPDATE OR DELETE ON effects_effectchange
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_terms_kept BEFORE UPDATE OR DELETE ON effects_publicationterms
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_tally_kept BEFORE UPDATE OR DELETE ON effects_publicationtally
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_feed_kept BEFORE UPDATE OR DELETE ON effects_feedevent
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
"""

KEPT_BACK = """
DROP TRIGGER effects_feed_kept ON effects_feedevent;
DROP TRIGGER effects_tally_kept ON effects_publicationtally;
DROP TRIGGER effects_terms_kept ON effects_publicationterms;
DROP TRIGGER effects_change_kept ON effects_effectchange;
DROP TRIGGER effects_suspension_kept ON effects_suspension;
DROP TRIGGER effects_effect_kept ON effects_effect;
DROP FUNCTION effects_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("effects", "0001_effects_and_their_changes"),
        ("law", "0002_register_is_never_edited"),
        ("register", "0002_blocks_of_numbers"),
    ]

    operations = [
        migrations.RunSQL(INSERTED, INSERTED_BACK),
        migrations.RunSQL(CHANGED, CHANGED_BACK),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
