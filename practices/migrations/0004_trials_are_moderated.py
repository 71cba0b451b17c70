from django.db import migrations, models

import experiences.models.fields

STATES = [
    ("shown", "Shown"),
    ("waiting", "Read before it is public"),
    ("hidden", "Hidden until a moderator decides"),
    ("removed", "Removed by a moderator"),
]


def give_addresses(apps, schema_editor):
    rows = apps.get_model("practices", "trial").objects.all()
    for row in rows.iterator():
        rows.filter(pk=row.pk).update(public_id=experiences.models.fields.public_id())


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0003_followed_and_same_organisations"),
        ("experiences", "0008_follow_ups_have_addresses"),
    ]

    operations = [
        migrations.AddField(
            "trial",
            "moderation",
            models.CharField(
                choices=STATES, default="shown", editable=False, max_length=7, verbose_name="state"
            ),
        ),
        migrations.AddField("trial", "let_stand", models.BooleanField(default=False, editable=False)),
        migrations.AddField(
            "trial",
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
        migrations.AddField("trial", "public_id", models.CharField(editable=False, max_length=12, null=True)),
        migrations.RunPython(give_addresses, migrations.RunPython.noop),
    ]
