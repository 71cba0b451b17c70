import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("experiences", "0005_flags_point_at_reports_as_at_anything")]

    operations = [
        migrations.RemoveField("flag", "report"),
        migrations.AlterField(
            "flag",
            "content_type",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.AlterField("flag", "object_id", models.PositiveBigIntegerField()),
        migrations.AlterField(
            "flag",
            "reason",
            models.CharField(
                choices=[
                    ("identifies", "It identifies someone"),
                    ("advertising", "It is advertising"),
                    ("abuse", "It is abusive"),
                    ("off-topic", "It is off topic"),
                    ("unread", "Nobody has read it yet: it is read before it is public"),
                ],
                max_length=12,
                verbose_name="reason",
            ),
        ),
        migrations.AddIndex(
            "flag", models.Index(fields=["content_type", "object_id"], name="flags_of_a_thing")
        ),
        migrations.AddIndex(
            "flag",
            models.Index(fields=["at"], condition=models.Q(("settled_at", None)), name="flags_that_wait"),
        ),
    ]
