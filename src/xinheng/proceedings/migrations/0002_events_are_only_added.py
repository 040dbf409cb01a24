"""The promises of a case file: what happened, what was handed in and what was issued is added and never changed.

The application's role loses the rights too, so that a trigger is not the only guard.
"""

from django.db import migrations

ADDED_ONLY = ("caseevent", "casedocument", "repaircommitment", "attachment")
NEVER_DELETED = ("case", "deadline", "proposal", "leavecover")

FUNCTION = """
CREATE FUNCTION proceedings_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION proceedings_keep_identity() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.number, OLD.region_id, OLD.procedure, OLD.rule_set, OLD.record_no, OLD.department_id, OLD.opened_at)
       IS DISTINCT FROM
       (NEW.number, NEW.region_id, NEW.procedure, NEW.rule_set, NEW.record_no, NEW.department_id, NEW.opened_at) THEN
        RAISE EXCEPTION 'a case keeps what it was opened for' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER proceedings_case_identity BEFORE UPDATE ON proceedings_case
FOR EACH ROW EXECUTE FUNCTION proceedings_keep_identity();
"""

FUNCTION_BACK = """
DROP TRIGGER proceedings_case_identity ON proceedings_case;
DROP FUNCTION proceedings_keep_identity();
DROP FUNCTION proceedings_refuse_change();
"""


def _trigger(table: str, acts: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER proceedings_{table}_kept BEFORE {acts} ON proceedings_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION proceedings_refuse_change()",
        f"DROP TRIGGER proceedings_{table}_kept ON proceedings_{table}",
    )


REVOKED = ", ".join(f"'proceedings_{table}'" for table in ADDED_ONLY)
RIGHTS = f"""
DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT c.relname, a.grantee::regrole::text AS role
        FROM pg_class c, LATERAL aclexplode(c.relacl) a
        WHERE c.relname IN ({REVOKED}) AND c.relkind = 'r' AND a.grantee <> c.relowner AND a.grantee <> 0
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %s', granted.relname, granted.role);
    END LOOP;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0001_cases_with_due_process")]

    operations = [
        migrations.RunSQL(FUNCTION, FUNCTION_BACK),
        *(_trigger(table, "UPDATE OR DELETE OR TRUNCATE") for table in ADDED_ONLY),
        *(_trigger(table, "DELETE OR TRUNCATE") for table in NEVER_DELETED),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
