from django.db import migrations, models


def write_rows_again(apps, schema_editor):
    """Let the worker, or `rebuild_index --missing`, write the rows of the shape before anew."""
    apps.get_model("practices", "ListedPractice").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0011_list_rows"),
    ]

    operations = [
        migrations.RunPython(write_rows_again, migrations.RunPython.noop),
        migrations.AddField(
            model_name="listedpractice",
            name="card",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="listedpractice",
            name="item",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="listedpractice",
            name="outcomes",
            field=models.BinaryField(default=bytes),
        ),
    ]
