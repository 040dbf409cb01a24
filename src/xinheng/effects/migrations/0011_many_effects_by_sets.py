"""Twenty thousand effects at once: what is in force on some terms has an index, and what changes is compared by hashing.

The plans of the functions are made for the first change of a session, which is mostly of one row.
"""

from django.db import migrations, models

BY_HASHING = """
ALTER FUNCTION effects_check_resumed() SET enable_nestloop = off;
ALTER FUNCTION effects_check_retraction() SET enable_nestloop = off;
"""
BY_HASHING_BACK = """
ALTER FUNCTION effects_check_retraction() RESET enable_nestloop;
ALTER FUNCTION effects_check_resumed() RESET enable_nestloop;
"""


class Migration(migrations.Migration):
    dependencies = [("effects", "0010_measures_and_service")]

    operations = [
        migrations.AddIndex(
            model_name="effect",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("kind__in", ["restraint", "incentive"])),
                fields=["terms_id"],
                name="measure_in_force_by_terms",
            ),
        ),
        migrations.RunSQL(BY_HASHING, BY_HASHING_BACK),
    ]
