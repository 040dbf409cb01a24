"""Listings and measures: their terms, the service of the notice, and the promises of their kinds."""

from django.db import migrations, models

BY_KIND = """
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
CREATE FUNCTION effects_check_measures() RETURNS trigger LANGUAGE plpgsql
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

CREATE TRIGGER effects_measures AFTER INSERT ON effects_effect
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION effects_check_measures();

CREATE TRIGGER effects_listing_terms_kept BEFORE UPDATE OR DELETE ON effects_listingterms
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_measure_terms_kept BEFORE UPDATE OR DELETE ON effects_measureterms
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE TRIGGER effects_service_kept BEFORE UPDATE OR DELETE ON effects_service
FOR EACH STATEMENT EXECUTE FUNCTION effects_refuse_change();
CREATE INDEX effect_following ON effects_effect (record_id) WHERE kind IN ('listing', 'restraint', 'incentive');
CREATE INDEX effect_by_decision ON effects_effect (decision) WHERE decision IS NOT NULL;
"""

BY_KIND_BACK = """
CREATE OR REPLACE FUNCTION effects_check_inserted() RETURNS trigger LANGUAGE plpgsql
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

DROP INDEX effect_by_decision;
DROP INDEX effect_following;
DROP TRIGGER effects_service_kept ON effects_service;
DROP TRIGGER effects_measure_terms_kept ON effects_measureterms;
DROP TRIGGER effects_listing_terms_kept ON effects_listingterms;
DROP TRIGGER effects_measures ON effects_effect;
DROP FUNCTION effects_check_measures();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("effects", "0009_what_was_wrong_is_made_good"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListingTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_key", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="MeasureTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure_key", models.CharField(max_length=60)),
                ("edition", models.CharField(max_length=60)),
                ("list_key", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("executing_body", models.CharField(max_length=200)),
                ("applies_to", models.CharField(max_length=1000)),
                ("rests", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_id", models.BigIntegerField()),
                ("record_no", models.BigIntegerField(null=True)),
                ("decision", models.CharField(max_length=100, null=True)),
                ("subject_no", models.BigIntegerField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("direct", "直接送达"),
                            ("mail", "邮寄送达"),
                            ("left", "留置送达"),
                            ("entrusted", "委托送达"),
                            ("public", "公告送达"),
                            ("electronic", "电子送达（单位已同意）"),
                        ],
                        max_length=12,
                    ),
                ),
                ("served_on", models.DateField()),
                ("evidence", models.CharField(max_length=500)),
                ("noted_at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.CharField(blank=True, max_length=50)),
                ("actor_name", models.CharField(max_length=100)),
            ],
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["listing", "restraint", "incentive"]), _negated=True),
                    ("terms_id__isnull", False),
                    _connector="OR",
                ),
                name="listing_and_measure_state_their_terms",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "listing"), models.Q(("end_reason", "corrected"), _negated=True)),
                fields=("record_id", "restores_id"),
                name="one_listing_of_a_record_version",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind__in", ["restraint", "incentive"]),
                    ("record_id__isnull", False),
                    models.Q(("end_reason", "corrected"), _negated=True),
                ),
                fields=("record_id", "terms_id", "restores_id"),
                name="one_measure_of_a_record_version",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="listingterms",
            constraint=models.UniqueConstraint(fields=("list_key", "title"), name="listing_terms_once"),
        ),
        migrations.AddConstraint(
            model_name="measureterms",
            constraint=models.UniqueConstraint(
                fields=("measure_key", "edition", "list_key", "title", "executing_body", "applies_to", "rests"),
                name="measure_terms_once",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["record_no"], name="service_by_record"),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence", ""), _negated=True), name="service_names_its_evidence"
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", None), ("record_no__isnull", False)),
                    models.Q(("decision__isnull", False), ("record_no", None)),
                    _connector="OR",
                ),
                name="service_is_of_one_cause",
            ),
        ),
        migrations.RunSQL(BY_KIND, BY_KIND_BACK),
    ]
