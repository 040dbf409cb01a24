from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0003_searched_form_of_names")]

    operations = [
        migrations.AlterField(
            model_name="review",
            name="kind",
            field=models.CharField(
                choices=[
                    ("link", "主体待确认"),
                    ("severity", "失信等级待确定"),
                    ("returned", "撤回后再次报送"),
                    ("name", "代码与名称不一致"),
                    ("code", "一码多户"),
                    ("rejected", "上级平台退回"),
                ],
                max_length=10,
            ),
        ),
    ]
