"""Publications of the list of measures: two persons, one standing text, nothing edited afterwards."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION measures_refuse_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER measures_publication_kept BEFORE DELETE ON measures_listpublication
FOR EACH STATEMENT EXECUTE FUNCTION measures_refuse_delete();

-- A publication is confirmed once and closed once; what was published, by whom and when stays as it is.
CREATE FUNCTION measures_check_publication() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.region_id, NEW.edition, NEW.title, NEW.digest, NEW.proposed_by_id, NEW.proposed_at)
        IS DISTINCT FROM (OLD.region_id, OLD.edition, OLD.title, OLD.digest, OLD.proposed_by_id, OLD.proposed_at)
        OR OLD.closed_at IS NOT NULL
        OR (OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_at, NEW.starts)
            IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_at, OLD.starts))
    THEN
        RAISE EXCEPTION 'a publication of measures is never edited' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER measures_publication_changed BEFORE UPDATE ON measures_listpublication
FOR EACH ROW EXECUTE FUNCTION measures_check_publication();
"""

KEPT_BACK = """
DROP TRIGGER measures_publication_changed ON measures_listpublication;
DROP FUNCTION measures_check_publication();
DROP TRIGGER measures_publication_kept ON measures_listpublication;
DROP FUNCTION measures_refuse_delete();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0003_sign_on_recovery_words_consent_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListPublication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("digest", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("starts", models.DateField(null=True)),
                ("ends", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing_reason", models.CharField(blank=True, max_length=500)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.region")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest", ""), _negated=True), name="list_publication_names_its_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None), ("starts", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("starts__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="list_publication_confirmed_as_a_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="list_publication_needs_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("closing_reason", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(("closing_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="list_publication_closed_with_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("ends", None)),
                            models.Q(("confirmed_at", None), ("ends", None)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("confirmed_at__isnull", False),
                                ("ends__gte", models.F("starts")),
                            ),
                            _connector="OR",
                        ),
                        name="list_publication_ends_when_it_is_closed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None), ("confirmed_at", None)),
                        fields=("region", "edition"),
                        name="one_open_list_proposal",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None), ("confirmed_at__isnull", False)),
                        fields=("region", "edition"),
                        name="one_standing_list_publication",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
