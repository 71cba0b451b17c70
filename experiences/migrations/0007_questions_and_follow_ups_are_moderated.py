from django.db import migrations, models

import experiences.models.fields

STATES = [
    ("shown", "Shown"),
    ("waiting", "Read before it is public"),
    ("hidden", "Hidden until a moderator decides"),
    ("removed", "Removed by a moderator"),
]


def give_addresses(apps, schema_editor):
    rows = apps.get_model("experiences", "followup").objects.all()
    for row in rows.iterator():
        rows.filter(pk=row.pk).update(public_id=experiences.models.fields.public_id())


class Migration(migrations.Migration):
    dependencies = [("experiences", "0006_flags_are_about_anything")]

    operations = [
        migrations.AddField(
            "followup",
            "moderation",
            models.CharField(
                choices=STATES, default="shown", editable=False, max_length=7, verbose_name="state"
            ),
        ),
        migrations.AddField("followup", "let_stand", models.BooleanField(default=False, editable=False)),
        migrations.AddField(
            "followup",
            "decision_note",
            experiences.models.fields.Prose(
                blank=True,
                default="",
                editable=False,
                max_length=2000,
                verbose_name="why a moderator removed it",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "question",
            "moderation",
            models.CharField(
                choices=STATES, default="shown", editable=False, max_length=7, verbose_name="state"
            ),
        ),
        migrations.AddField("question", "let_stand", models.BooleanField(default=False, editable=False)),
        migrations.AddField(
            "question",
            "decision_note",
            experiences.models.fields.Prose(
                blank=True,
                default="",
                editable=False,
                max_length=2000,
                verbose_name="why a moderator removed it",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "followup", "public_id", models.CharField(editable=False, max_length=12, null=True)
        ),
        migrations.RunPython(give_addresses, migrations.RunPython.noop),
    ]
