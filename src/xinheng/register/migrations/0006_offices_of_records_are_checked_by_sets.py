"""Region and department of a record are checked once a statement, not twice a row at commit: of a million rows that took 16 s.

What the foreign keys promised stays promised: a record names a region and a department that exist, neither can be
changed afterwards, and neither can be deleted while a record names it.
"""

from django.db import migrations, models

CREATE = """
CREATE FUNCTION register_check_offices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM (SELECT DISTINCT region_id, department_id FROM added) AS named
    WHERE NOT EXISTS (SELECT FROM people_region AS r WHERE r.id = named.region_id)
       OR NOT EXISTS (SELECT FROM people_department AS d WHERE d.id = named.department_id);
    IF FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = 'A record names a region or a department that does not exist.';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION register_keep_offices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING MESSAGE = 'Region and department of a record are never changed.';
END
$$;

CREATE FUNCTION register_keep_named_office() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM register_record WHERE %I = $1)', TG_ARGV[0]) INTO named USING OLD.id;
    IF named THEN
        RAISE foreign_key_violation USING MESSAGE = 'Records name this region or department.';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER register_offices_exist AFTER INSERT ON register_record
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register_check_offices();
CREATE TRIGGER register_offices_kept BEFORE UPDATE OF region_id, department_id ON register_record
    FOR EACH STATEMENT EXECUTE FUNCTION register_keep_offices();
CREATE TRIGGER register_keeps_region BEFORE DELETE ON people_region
    FOR EACH ROW EXECUTE FUNCTION register_keep_named_office('region_id');
CREATE TRIGGER register_keeps_department BEFORE DELETE ON people_department
    FOR EACH ROW EXECUTE FUNCTION register_keep_named_office('department_id');
"""

DROP = """
DROP TRIGGER register_keeps_department ON people_department;
DROP TRIGGER register_keeps_region ON people_region;
DROP TRIGGER register_offices_kept ON register_record;
DROP TRIGGER register_offices_exist ON register_record;
DROP FUNCTION register_keep_named_office();
DROP FUNCTION register_keep_offices();
DROP FUNCTION register_check_offices();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_regions_departments_officers"),
        ("register", "0005_records_of_a_department"),
    ]

    operations = [
        migrations.AlterField(
            model_name="record",
            name="region",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=models.deletion.PROTECT, to="people.region"
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="department",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=models.deletion.PROTECT, to="people.department"
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                fields=["type"],
                condition=models.Q(("known_to", None))
                & (models.Q(("withdrawn", True)) | models.Q(("gate", "returned"))),
                name="record_not_to_come_back",
            ),
        ),
    ]
