from django.db import migrations, models

import experiences.models.fields


class Migration(migrations.Migration):
    dependencies = [("experiences", "0007_questions_and_follow_ups_are_moderated")]

    operations = [
        migrations.AlterField(
            "followup",
            "public_id",
            models.CharField(
                default=experiences.models.fields.public_id, editable=False, max_length=12, unique=True
            ),
        ),
    ]
