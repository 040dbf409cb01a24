"""The question every check asks, as one function, and the promise that an answered check is never changed.

The day comes from the caller: no `current_date`, so that the same question asked again is answered alike.
"""

from django.db import migrations

ANSWER = """
-- One row for each effect in force for each code, or one row without an effect. An entry is a listing; the publication
-- of a list record stands for it only where no listing was ever written. What a suspension hides is not answered.
CREATE FUNCTION check_answer_v1(codes text[], regions bigint[], on_day date)
RETURNS TABLE (
    place integer, organisation_id bigint, name text, name_key text, status text,
    effect_id bigint, kind text, terms_id bigint, basis_set_id bigint, starts date, ends date, removal_rule text,
    marked boolean, decision text, record_no bigint, record_type text, list_key text, title text, decision_no text,
    authority_name text, decided_on date
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT q.place::integer, o.id, o.name, o.name_key, o.status,
           f.effect_id, f.kind, f.terms_id, f.basis_set_id, f.starts, f.ends, f.removal_rule, f.marked, f.decision,
           f.record_no, f.record_type, f.list_key, f.title, f.decision_no, f.authority_name, f.decided_on
    FROM unnest(codes, regions) WITH ORDINALITY AS q(code, region, place)
    LEFT JOIN LATERAL (
        SELECT i.organisation_id FROM register_identifier i
        WHERE i.value = q.code AND i.known_to IS NULL ORDER BY (i.kind = 'credit_code') DESC, i.id LIMIT 1
    ) i ON true
    LEFT JOIN register_organisation o ON o.id = i.organisation_id
    LEFT JOIN LATERAL (
        SELECT e.id AS effect_id, e.kind, e.terms_id, e.basis_set_id, e.starts, e.ends, e.removal_rule,
               EXISTS (SELECT 1 FROM effects_suspension m
                       WHERE m.effect_id = e.id AND NOT m.hides AND m.resumed_at IS NULL) AS marked,
               e.decision, r.record_no, r.type AS record_type, r.list_key, r.title, r.decision_no, r.authority_name,
               r.decided_on
        FROM (
            SELECT o.id AS number
            UNION ALL
            SELECT l.number FROM register_subjectlink l WHERE l.organisation_id = o.id AND l.known_to IS NULL
        ) s
        JOIN effects_effect e ON e.subject_no = s.number
        LEFT JOIN register_record r ON r.id = e.record_id
        WHERE e.region_id = q.region AND e.ended_at IS NULL
          AND e.starts <= on_day AND (e.ends IS NULL OR e.ends > on_day)
          AND NOT EXISTS (SELECT 1 FROM effects_suspension h
                          WHERE h.effect_id = e.id AND h.hides AND h.resumed_at IS NULL)
          AND (
              e.kind IN ('listing', 'restraint', 'incentive')
              OR (e.kind = 'publication' AND r.type IN ('serious_list', 'abnormal_entry')
                  AND r.known_to IS NULL AND NOT r.withdrawn AND r.gate = 'open'
                  AND NOT EXISTS (SELECT 1 FROM effects_effect x
                                  WHERE x.record_id = e.record_id AND x.kind = 'listing'))
          )
    ) f ON true
    ORDER BY q.place, f.starts, f.effect_id
$$;
"""

KEPT = """
CREATE FUNCTION checks_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '核查记录只能增加，不能修改或删除（%）', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER check_request_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON checks_checkrequest
FOR EACH STATEMENT EXECUTE FUNCTION checks_refuse_change();
CREATE TRIGGER check_line_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON checks_checkline
FOR EACH STATEMENT EXECUTE FUNCTION checks_refuse_change();
CREATE TRIGGER check_feedback_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON checks_checkfeedback
FOR EACH STATEMENT EXECUTE FUNCTION checks_refuse_change();
"""

KEPT_BACK = """
DROP TRIGGER check_feedback_kept ON checks_checkfeedback;
DROP TRIGGER check_line_kept ON checks_checkline;
DROP TRIGGER check_request_kept ON checks_checkrequest;
DROP FUNCTION checks_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("checks", "0001_requests_lines_and_feedback"),
        ("register", "0006_offices_of_records_are_checked_by_sets"),
        ("effects", "0009_what_was_wrong_is_made_good"),
    ]

    operations = [
        migrations.RunSQL(ANSWER, "DROP FUNCTION check_answer_v1(text[], bigint[], date);"),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
