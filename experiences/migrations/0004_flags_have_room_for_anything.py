import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("experiences", "0003_moderators_edit_the_vocabulary"),
    ]

    operations = [
        migrations.AddField(
            "flag",
            "content_type",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.AddField("flag", "object_id", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("flag", "hides", models.BooleanField(default=False, editable=False)),
        migrations.AddField("flag", "is_one_of_many", models.BooleanField(default=False, editable=False)),
        migrations.AlterField(
            "flag",
            "report",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="flags",
                to="experiences.experience",
            ),
        ),
    ]
