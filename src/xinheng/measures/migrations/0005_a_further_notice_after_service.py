"""A measure that is announced later gets a notice of its own: one notice of a record waits, served ones stand beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0004_corrections_of_wrong_measures"),
        ("people", "0003_sign_on_recovery_words_consent_requests"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="one_open_notice_of_a_record",
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None), ("service_id", None)),
                fields=("record_no",),
                name="one_waiting_notice_of_a_record",
            ),
        ),
    ]
