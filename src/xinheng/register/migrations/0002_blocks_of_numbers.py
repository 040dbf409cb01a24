"""A sequence for record numbers, and a function that hands out consecutive numbers of any sequence."""

from django.db import migrations

CREATE = """
CREATE SEQUENCE register_record_no_seq AS bigint;

CREATE FUNCTION register_allocate(numbers regclass, wanted bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    lowest bigint;
    highest bigint;
BEGIN
    -- setval() would race with a plain nextval() elsewhere; drawn numbers are ours whatever others do.
    LOOP
        SELECT min(drawn), max(drawn) INTO lowest, highest
        FROM (SELECT nextval(numbers) AS drawn FROM generate_series(1, wanted)) AS draws;
        IF highest - lowest = wanted - 1 THEN
            RETURN lowest;
        END IF;
    END LOOP;
END
$$;
"""

DROP = """
DROP FUNCTION register_allocate(regclass, bigint);
DROP SEQUENCE register_record_no_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_organisations_and_record_versions")]

    operations = [migrations.RunSQL(CREATE, DROP)]
