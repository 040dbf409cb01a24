"""The check of new effects looks their records up by key instead of reading the whole register.

Records of one batch lie side by side; with the usual price of a random page the planner prefers a scan of all rows.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("effects", "0004_one_publication_of_a_version")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION effects_check_inserted() SET random_page_cost = 1.1;",
            "ALTER FUNCTION effects_check_inserted() RESET random_page_cost;",
        )
    ]
