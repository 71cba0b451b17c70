from django.db import migrations, models

import experiences.models.fields


class Migration(migrations.Migration):
    dependencies = [("practices", "0004_trials_are_moderated")]

    operations = [
        migrations.AlterField(
            "trial",
            "public_id",
            models.CharField(
                default=experiences.models.fields.public_id, editable=False, max_length=12, unique=True
            ),
        ),
    ]
