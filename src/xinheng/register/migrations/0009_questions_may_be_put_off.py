"""A question that cannot be answered yet is put off to a day, by somebody; it stays open."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("register", "0008_links_by_comparing_names"),
    ]

    operations = [
        migrations.AddField(model_name="review", name="put_off_until", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="review",
            name="put_off_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=Q(put_off_until=None, put_off_by=None)
                | Q(put_off_until__isnull=False, put_off_by__isnull=False),
                name="review_put_off_by_somebody",
            ),
        ),
    ]
