"""The promises of the legal register, kept by the database for every writer and also for COPY."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION law_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;

-- A version may be superseded once; nothing else about it changes.
CREATE FUNCTION law_only_supersede() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.superseded_at IS NOT NULL
       OR to_jsonb(OLD) - 'superseded_at' IS DISTINCT FROM to_jsonb(NEW) - 'superseded_at' THEN
        RAISE EXCEPTION 'a version in the legal register is never edited' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER law_text_kept BEFORE DELETE ON law_legaltext
FOR EACH STATEMENT EXECUTE FUNCTION law_refuse_change();
CREATE TRIGGER law_text_only_superseded BEFORE UPDATE ON law_legaltext
FOR EACH ROW EXECUTE FUNCTION law_only_supersede();

CREATE TRIGGER law_provision_kept BEFORE DELETE ON law_provision
FOR EACH STATEMENT EXECUTE FUNCTION law_refuse_change();
CREATE TRIGGER law_provision_only_superseded BEFORE UPDATE ON law_provision
FOR EACH ROW EXECUTE FUNCTION law_only_supersede();

CREATE TRIGGER law_consultation_kept BEFORE UPDATE OR DELETE ON law_consultation
FOR EACH STATEMENT EXECUTE FUNCTION law_refuse_change();
CREATE TRIGGER law_basis_set_kept BEFORE UPDATE OR DELETE ON law_basisset
FOR EACH STATEMENT EXECUTE FUNCTION law_refuse_change();
CREATE TRIGGER law_basis_member_kept BEFORE UPDATE OR DELETE ON law_basissetmember
FOR EACH STATEMENT EXECUTE FUNCTION law_refuse_change();
"""

APPEND_ONLY_BACK = """
DROP TRIGGER law_basis_member_kept ON law_basissetmember;
DROP TRIGGER law_basis_set_kept ON law_basisset;
DROP TRIGGER law_consultation_kept ON law_consultation;
DROP TRIGGER law_provision_only_superseded ON law_provision;
DROP TRIGGER law_provision_kept ON law_provision;
DROP TRIGGER law_text_only_superseded ON law_legaltext;
DROP TRIGGER law_text_kept ON law_legaltext;
DROP FUNCTION law_only_supersede();
DROP FUNCTION law_refuse_change();
"""

MEMBERS = """
CREATE FUNCTION law_check_members() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT p.text_key, p.article INTO wrong
    FROM added a JOIN law_provision p ON p.id = a.provision_id
                 JOIN law_legaltext t ON t.id = p.text_id
    WHERE NOT p.verified OR NOT t.verified LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'provision %#% is not verified, nothing may rest on it', wrong.text_key, wrong.article
            USING ERRCODE = 'check_violation';
    END IF;

    SELECT p.text_key, p.article INTO wrong
    FROM added a JOIN law_provision p ON p.id = a.provision_id
    WHERE p.local_list_rule AND NOT EXISTS (
        SELECT 1 FROM law_consultation c WHERE c.text_key = p.text_key AND c.closed_on - c.opened_on >= 30
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'list rule %#% has no public consultation of 30 days on record', wrong.text_key,
            wrong.article USING ERRCODE = 'check_violation';
    END IF;

    -- The digest binds a set to its members, so a later addition is refused as well.
    SELECT b.id INTO wrong
    FROM law_basisset b
    WHERE b.id IN (SELECT basis_set_id FROM added) AND b.digest IS DISTINCT FROM (
        SELECT encode(sha256(convert_to(
            string_agg(m.provision_id || ':' || m.role, E'\\n' ORDER BY (m.provision_id || ':' || m.role) COLLATE "C"),
            'UTF8')), 'hex')
        FROM law_basissetmember m WHERE m.basis_set_id = b.id
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'basis set % does not have the members of its digest', wrong.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER law_basis_members_checked AFTER INSERT ON law_basissetmember
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION law_check_members();
"""

MEMBERS_BACK = """
DROP TRIGGER law_basis_members_checked ON law_basissetmember;
DROP FUNCTION law_check_members();
"""


class Migration(migrations.Migration):
    dependencies = [("law", "0001_legal_register")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK),
        migrations.RunSQL(MEMBERS, MEMBERS_BACK),
    ]
