from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ops", "0005_holidays_of_2026")]

    operations = [
        migrations.CreateModel(
            name="SearchIndex",
            fields=[
                (
                    "backend",
                    models.CharField(
                        max_length=100, primary_key=True, serialize=False, verbose_name="后端"
                    ),
                ),
                ("version", models.CharField(max_length=100, verbose_name="版本")),
                ("built_at", models.DateTimeField(auto_now=True, verbose_name="建立时间")),
            ],
            options={"verbose_name": "搜索索引", "verbose_name_plural": "搜索索引"},
        ),
    ]
