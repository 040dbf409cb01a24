"""What a case of determination is about, what entry it became, and which removal ends it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0003_cases_without_a_record"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="channel",
            field=models.CharField(
                choices=[
                    ("centre", "企业中心"),
                    ("counter", "服务窗口"),
                    ("telephone", "电话"),
                    ("mail", "电子邮件"),
                    ("national", "全国统一入口"),
                    ("log", "操作日志"),
                    ("duty", "依职权"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="ListDetermination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_key", models.CharField(max_length=40)),
                ("list_title", models.CharField(max_length=200)),
                ("penalty_no", models.BigIntegerField()),
                ("person_role", models.CharField(blank=True, max_length=20)),
                ("person", models.BinaryField(null=True)),
                ("entry_no", models.BigIntegerField(null=True)),
                ("batch_no", models.BigIntegerField(null=True)),
                ("entered_on", models.DateField(null=True)),
                ("removed_on", models.DateField(null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="determination", to="proceedings.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ListRemoval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="removal", to="proceedings.case"
                    ),
                ),
                (
                    "determination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="removals",
                        to="proceedings.listdetermination",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="listdetermination",
            index=models.Index(fields=["penalty_no"], name="determination_by_penalty"),
        ),
        migrations.AddConstraint(
            model_name="listdetermination",
            constraint=models.UniqueConstraint(fields=("entry_no",), name="entry_determined_once"),
        ),
        migrations.AddConstraint(
            model_name="listdetermination",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", None), models.Q(("person_role", ""), _negated=True), _connector="OR"),
                name="named_person_has_a_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="listdetermination",
            constraint=models.CheckConstraint(
                condition=models.Q(("person_role", ""), ("entry_no", None), _connector="OR"),
                name="person_never_has_a_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="listdetermination",
            constraint=models.CheckConstraint(
                condition=models.Q(("entered_on", None), ("person", None), _connector="OR"),
                name="person_entered_lies_in_the_vault_alone",
            ),
        ),
    ]
