"""A statement may be linked by comparing names; its question is then closed by itself, with that outcome."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0007_entries_may_be_removed_on_a_day"),
    ]

    operations = [
        migrations.AlterField(
            model_name="record",
            name="link_method",
            field=models.CharField(
                choices=[
                    ("code", "统一社会信用代码"),
                    ("old_code", "旧代码"),
                    ("name", "名称"),
                    ("match", "名称比对"),
                    ("officer", "人工确认"),
                    ("none", "未关联"),
                ],
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="review", name="review_closed_by_somebody_with_an_outcome"),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome=""))
                | Q(closed_at__isnull=False, closed_by=None, outcome__in=("matched", "remembered", "undone")),
                name="review_closed_by_somebody_with_an_outcome",
            ),
        ),
    ]
