"""Honours and graduated supervision are kinds of their own: no door can take them for a listing or a restraint.

Graduated supervision takes a convenience away, so its subject is told before, as with a restraint.
"""

from django.db import migrations, models

KINDS = """

CREATE OR REPLACE FUNCTION effects_check_inserted() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    -- One grouped pass over the new rows; the checks below read a few hundred groups.
    WITH groups AS MATERIALIZED (
        SELECT a.basis_set_id, a.starts, coalesce(r.decided_on, a.starts) AS decided_on, a.kind, a.terms_id,
               bool_or(a.record_id IS NOT NULL AND r.id IS NULL) AS record_missing,
               bool_or(r.subject_no <> a.subject_no OR r.region_id <> a.region_id) AS record_differs,
               bool_or(a.kind IN ('publication', 'listing', 'honour', 'restraint', 'graduated', 'incentive')
                       AND (r.known_to IS NOT NULL OR r.withdrawn OR r.gate <> 'open'))
                   AS not_publishable,
               bool_or(a.ended_at IS NOT NULL) AS begins_ended,
               bool_or(a.parent_id IS NOT NULL) AS has_parents
        FROM added a LEFT JOIN register_record r ON r.id = a.record_id
        GROUP BY 1, 2, 3, 4, 5
    ), sets AS MATERIALIZED (SELECT DISTINCT basis_set_id, starts FROM groups)
    SELECT problem INTO broken FROM (
        SELECT 'effect names no record of its subject and region' AS problem
        FROM groups WHERE record_missing OR record_differs
        UNION ALL
        SELECT CASE kind WHEN 'publication' THEN 'only the open version of a record may be public'
            ELSE 'only the open version of a record sets something going' END FROM groups WHERE not_publishable
        UNION ALL
        SELECT 'an effect does not begin ended' FROM groups WHERE begins_ended
        UNION ALL
        SELECT 'an effect names terms that do not exist' FROM groups g
        WHERE g.terms_id IS NOT NULL
          AND NOT CASE g.kind
              WHEN 'listing' THEN EXISTS (SELECT 1 FROM effects_listingterms x WHERE x.id = g.terms_id)
              WHEN 'honour' THEN EXISTS (SELECT 1 FROM effects_listingterms x WHERE x.id = g.terms_id)
              WHEN 'restraint' THEN EXISTS (SELECT 1 FROM effects_measureterms x WHERE x.id = g.terms_id)
              WHEN 'graduated' THEN EXISTS (SELECT 1 FROM effects_measureterms x WHERE x.id = g.terms_id)
              WHEN 'incentive' THEN EXISTS (SELECT 1 FROM effects_measureterms x WHERE x.id = g.terms_id)
              ELSE EXISTS (SELECT 1 FROM effects_publicationterms x WHERE x.id = g.terms_id) END
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

-- What follows from an entry: one effect per cause and measure, and no restraint before its subject was told.
CREATE OR REPLACE FUNCTION effects_check_measures() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM added WHERE kind IN ('restraint', 'graduated', 'incentive')) THEN
        RETURN NULL;
    END IF;
    -- Planned anew each time: one effect or sixty thousand.
    EXECUTE $q$
        SELECT problem FROM (
            SELECT 'a restraint begins after the day on which its notice was served' AS problem
            FROM added a LEFT JOIN register_record r ON r.id = a.record_id
            WHERE a.kind IN ('restraint', 'graduated') AND a.parent_id IS NULL AND NOT EXISTS (
                SELECT 1 FROM effects_service s
                WHERE s.record_no = r.record_no AND s.subject_no = a.subject_no AND s.served_on < a.starts
            ) AND NOT EXISTS (
                SELECT 1 FROM effects_service s
                WHERE s.decision = a.decision AND s.subject_no = a.subject_no AND s.served_on < a.starts)
            UNION ALL
            SELECT 'one effect per cause and measure' FROM (
                SELECT 1 FROM (SELECT DISTINCT record_id FROM added WHERE kind IN ('restraint', 'graduated', 'incentive')) c
                JOIN effects_effect e ON e.record_id = c.record_id AND e.kind IN ('restraint', 'graduated', 'incentive')
                    AND e.ended_at IS NULL
                JOIN effects_measureterms t ON t.id = e.terms_id
                GROUP BY e.record_id, t.measure_key HAVING count(*) > 1
                UNION ALL
                SELECT 1 FROM (SELECT DISTINCT decision FROM added WHERE kind IN ('restraint', 'graduated', 'incentive')) c
                JOIN effects_effect e ON e.decision = c.decision AND e.kind IN ('restraint', 'graduated', 'incentive')
                    AND e.ended_at IS NULL
                JOIN effects_measureterms t ON t.id = e.terms_id
                GROUP BY e.decision, e.subject_no, t.measure_key HAVING count(*) > 1
            ) AS twice
        ) AS problems LIMIT 1
    $q$ INTO broken;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION '%', broken USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

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
                OR (n.kind IN ('restraint', 'graduated', 'incentive')
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
                           AND (n.kind NOT IN ('restraint', 'graduated', 'incentive')
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

DROP INDEX effect_following;
CREATE INDEX effect_following ON effects_effect (record_id)
WHERE kind IN ('listing', 'honour', 'restraint', 'graduated', 'incentive');
"""

KINDS_BACK = """

CREATE OR REPLACE FUNCTION effects_check_inserted() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    -- One grouped pass over the new rows; the checks below read a few hundred groups.
    WITH groups AS MATERIALIZED (
        SELECT a.basis_set_id, a.starts, coalesce(r.decided_on, a.starts) AS decided_on, a.kind, a.terms_id,
               bool_or(a.record_id IS NOT NULL AND r.id IS NULL) AS record_missing,
               bool_or(r.subject_no <> a.subject_no OR r.region_id <> a.region_id) AS record_differs,
               bool_or(a.kind IN ('publication', 'listing', 'restraint', 'incentive')
                       AND (r.known_to IS NOT NULL OR r.withdrawn OR r.gate <> 'open'))
                   AS not_publishable,
               bool_or(a.ended_at IS NOT NULL) AS begins_ended,
               bool_or(a.parent_id IS NOT NULL) AS has_parents
        FROM added a LEFT JOIN register_record r ON r.id = a.record_id
        GROUP BY 1, 2, 3, 4, 5
    ), sets AS MATERIALIZED (SELECT DISTINCT basis_set_id, starts FROM groups)
    SELECT problem INTO broken FROM (
        SELECT 'effect names no record of its subject and region' AS problem
        FROM groups WHERE record_missing OR record_differs
        UNION ALL
        SELECT CASE kind WHEN 'publication' THEN 'only the open version of a record may be public'
            ELSE 'only the open version of a record sets something going' END FROM groups WHERE not_publishable
        UNION ALL
        SELECT 'an effect does not begin ended' FROM groups WHERE begins_ended
        UNION ALL
        SELECT 'an effect names terms that do not exist' FROM groups g
        WHERE g.terms_id IS NOT NULL
          AND NOT CASE g.kind
              WHEN 'listing' THEN EXISTS (SELECT 1 FROM effects_listingterms x WHERE x.id = g.terms_id)
              WHEN 'restraint' THEN EXISTS (SELECT 1 FROM effects_measureterms x WHERE x.id = g.terms_id)
              WHEN 'incentive' THEN EXISTS (SELECT 1 FROM effects_measureterms x WHERE x.id = g.terms_id)
              ELSE EXISTS (SELECT 1 FROM effects_publicationterms x WHERE x.id = g.terms_id) END
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

-- What follows from an entry: one effect per cause and measure, and no restraint before its subject was told.
CREATE OR REPLACE FUNCTION effects_check_measures() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM added WHERE kind IN ('restraint', 'incentive')) THEN
        RETURN NULL;
    END IF;
    -- Planned anew each time: one effect or sixty thousand.
    EXECUTE $q$
        SELECT problem FROM (
            SELECT 'a restraint begins after the day on which its notice was served' AS problem
            FROM added a LEFT JOIN register_record r ON r.id = a.record_id
            WHERE a.kind = 'restraint' AND a.parent_id IS NULL AND NOT EXISTS (
                SELECT 1 FROM effects_service s
                WHERE s.record_no = r.record_no AND s.subject_no = a.subject_no AND s.served_on < a.starts
            ) AND NOT EXISTS (
                SELECT 1 FROM effects_service s
                WHERE s.decision = a.decision AND s.subject_no = a.subject_no AND s.served_on < a.starts)
            UNION ALL
            SELECT 'one effect per cause and measure' FROM (
                SELECT 1 FROM (SELECT DISTINCT record_id FROM added WHERE kind IN ('restraint', 'incentive')) c
                JOIN effects_effect e ON e.record_id = c.record_id AND e.kind IN ('restraint', 'incentive')
                    AND e.ended_at IS NULL
                JOIN effects_measureterms t ON t.id = e.terms_id
                GROUP BY e.record_id, t.measure_key HAVING count(*) > 1
                UNION ALL
                SELECT 1 FROM (SELECT DISTINCT decision FROM added WHERE kind IN ('restraint', 'incentive')) c
                JOIN effects_effect e ON e.decision = c.decision AND e.kind IN ('restraint', 'incentive')
                    AND e.ended_at IS NULL
                JOIN effects_measureterms t ON t.id = e.terms_id
                GROUP BY e.decision, e.subject_no, t.measure_key HAVING count(*) > 1
            ) AS twice
        ) AS problems LIMIT 1
    $q$ INTO broken;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION '%', broken USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

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

DROP INDEX effect_following;
CREATE INDEX effect_following ON effects_effect (record_id)
WHERE kind IN ('listing', 'restraint', 'incentive');
"""
ENTRIES = ["listing", "honour"]
MEASURES = ["restraint", "graduated", "incentive"]


class Migration(migrations.Migration):
    dependencies = [("effects", "0012_entries_and_measures_return")]

    operations = [
        *(
            migrations.RemoveConstraint(model_name="effect", name=name)
            for name in (
                "adverse_effect_needs_a_record_or_decision",
                "listing_and_measure_state_their_terms",
                "one_listing_of_a_record_version",
                "one_measure_of_a_record_version",
            )
        ),
        migrations.RemoveIndex(model_name="effect", name="measure_in_force_by_terms"),
        migrations.AlterField(
            model_name="effect",
            name="kind",
            field=models.CharField(
                choices=[
                    ("publication", "公示"),
                    ("listing", "列入名单"),
                    ("honour", "列入守信名单"),
                    ("restraint", "惩戒措施"),
                    ("graduated", "分级监管措施"),
                    ("incentive", "激励措施"),
                    ("grade", "评价等级"),
                    ("supervision_class", "监管分类"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="effect",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("kind__in", MEASURES)),
                fields=["terms_id"],
                name="measure_in_force_by_terms",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["listing", "restraint", "graduated"]), _negated=True),
                    ("parent_id", None),
                    _connector="OR",
                ),
                name="adverse_effect_needs_a_record_or_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", [*ENTRIES, *MEASURES]), _negated=True),
                    ("terms_id__isnull", False),
                    _connector="OR",
                ),
                name="listing_and_measure_state_their_terms",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ENTRIES), models.Q(("end_reason", "corrected"), _negated=True)),
                fields=("record_id", "restores_id"),
                name="one_listing_of_a_record_version",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind__in", MEASURES),
                    ("record_id__isnull", False),
                    models.Q(("end_reason", "corrected"), _negated=True),
                ),
                fields=("record_id", "terms_id", "restores_id"),
                name="one_measure_of_a_record_version",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(KINDS, KINDS_BACK),
    ]
