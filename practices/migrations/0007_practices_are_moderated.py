from django.db import migrations, models

import experiences.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0006_words_of_practices_are_withheld"),
    ]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="decision_note",
            field=experiences.models.fields.Prose(
                blank=True, editable=False, max_length=2000, verbose_name="why a moderator removed it"
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="let_stand",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="practice",
            name="moderation",
            field=models.CharField(
                choices=[
                    ("shown", "Shown"),
                    ("waiting", "Read before it is public"),
                    ("hidden", "Hidden until a moderator decides"),
                    ("removed", "Removed by a moderator"),
                ],
                default="shown",
                editable=False,
                max_length=7,
                verbose_name="state",
            ),
        ),
    ]
