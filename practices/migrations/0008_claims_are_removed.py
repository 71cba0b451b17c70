from django.db import migrations, models

import experiences.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0007_practices_are_moderated"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="removal_note",
            field=experiences.models.fields.Prose(
                blank=True, editable=False, max_length=2000, verbose_name="why a moderator removed it"
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="removed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
