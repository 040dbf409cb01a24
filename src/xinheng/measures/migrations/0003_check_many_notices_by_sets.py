"""Twenty thousand notices served or closed at once are compared by hashing.

The plan of the function is made for the first change of a session, which is mostly of one notice.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("measures", "0002_notices_tasks_and_treatments")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION measures_check_notice() SET enable_nestloop = off;",
            "ALTER FUNCTION measures_check_notice() RESET enable_nestloop;",
        )
    ]
