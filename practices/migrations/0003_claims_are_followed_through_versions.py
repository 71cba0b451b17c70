from django.db import migrations, models

import experiences.models.fields


def give_each_claim_its_own(apps, schema_editor):
    """The column came with one value for all rows: a new one for each sentence of each practice."""
    claims = apps.get_model("practices", "Claim").objects
    known = {}
    for claim in claims.order_by("pk").iterator():
        same = (claim.practice_id, claim.text)
        claim.lasting_id = known.setdefault(same, experiences.models.fields.public_id())
        claim.save(update_fields=["lasting_id"])


class Migration(migrations.Migration):
    dependencies = [("practices", "0002_search_table")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="lasting_id",
            field=models.CharField(
                default=experiences.models.fields.public_id, editable=False, max_length=12
            ),
        ),
        migrations.RunPython(give_each_claim_its_own, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name="practiceversion",
            name="changes",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
