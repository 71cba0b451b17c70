from django.db import migrations, models


def point_at_reports(apps, schema_editor):
    """Say of each flag that it is about its report; those that wait on a hidden one hid it."""
    Flag, ContentType = apps.get_model("experiences", "Flag"), apps.get_model("contenttypes", "ContentType")
    if not Flag.objects.exists():
        return
    kind, _made = ContentType.objects.get_or_create(app_label="experiences", model="experience")
    Flag.objects.update(content_type=kind, object_id=models.F("report_id"))
    Flag.objects.filter(settled_at=None, report__status="hidden").update(hides=True)


def point_back(apps, schema_editor):
    """Give each flag its report again; an earlier version has no place for those about anything else."""
    Flag, ContentType = apps.get_model("experiences", "Flag"), apps.get_model("contenttypes", "ContentType")
    kind = ContentType.objects.filter(app_label="experiences", model="experience").first()
    Flag.objects.exclude(content_type=kind).delete()
    Flag.objects.update(report_id=models.F("object_id"))


class Migration(migrations.Migration):
    # Alone in its transaction: PostgreSQL alters no table with rows written a moment ago.
    dependencies = [("experiences", "0004_flags_have_room_for_anything")]

    operations = [migrations.RunPython(point_at_reports, point_back)]
