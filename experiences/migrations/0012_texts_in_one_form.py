"""Texts that are stored already, in the one form in which columns keep them from now on."""

import unicodedata

from django.db import migrations

from config.folding import as_prose
from experiences.models.fields import Line, Prose
from experiences.models.report.parts import keyword_key, keyword_name

MEMBERS = {"user": ("display_name", "organisation"), "token": ("name",)}  # Plain columns to migrations.
AT_A_TIME = 500


def compose_texts(apps, _schema_editor):
    """Compose what people wrote, in all tables of the three apps; nothing else of a row changes."""
    for model in apps.get_models():
        columns = written(model)
        if columns:
            changed = []
            for row in model._default_manager.only(*columns).iterator(chunk_size=AT_A_TIME):
                if reformed(row, columns):
                    changed.append(row)
                if len(changed) == AT_A_TIME:
                    model._default_manager.bulk_update(changed, columns)
                    changed = []
            if changed:
                model._default_manager.bulk_update(changed, columns)


def written(model):
    """Return the names of the columns of `model` that hold words of people, and what is made of them."""
    if model._meta.app_label == "accounts":
        return MEMBERS.get(model._meta.model_name, ())
    if model._meta.app_label not in ("experiences", "practices"):
        return ()
    texts = [column.name for column in model._meta.concrete_fields if isinstance(column, Line | Prose)]
    made = [column.name for column in model._meta.concrete_fields if column.name in ("html", "told")]
    # A source id is a key: two that are one when composed stay two.
    return tuple(name for name in (*texts, *made) if name != "source_id")


def reformed(row, columns):
    """Bring `row` into the one form; return whether anything changed."""
    changed = False
    for name in columns:
        before = getattr(row, name)
        after = deep(before, row._meta.get_field(name))
        if after != before:
            setattr(row, name, after)
            changed = True
    return changed


def deep(value, column=None):
    if isinstance(value, dict):
        return {key: deep(one) for key, one in value.items()}
    if isinstance(value, list):
        return [deep(one) for one in value]
    if not isinstance(value, str):
        return value
    if isinstance(column, Line):
        return column.to_python(value)
    return as_prose(value) if isinstance(column, Prose) else unicodedata.normalize("NFC", value)


def name_keywords(apps, _schema_editor):
    """Give each keyword the key of its spellings as slug; those that are one become one."""
    Tag, Link = apps.get_model("taggit", "Tag"), apps.get_model("experiences", "ReportKeyword")
    tags = list(Tag.objects.order_by("pk"))
    kept = {}
    for tag in tags:
        first = kept.setdefault(keyword_key(tag.name) or tag.name[:100], tag)
        if first is not tag:
            have_both = Link.objects.filter(tag=first).values_list("content_object", flat=True)
            Link.objects.filter(tag=tag).exclude(content_object__in=list(have_both)).update(tag=first)
            Link.objects.filter(tag=tag).delete()
            tag.delete()
    for tag in kept.values():  # No slug is another's for a moment.
        tag.slug = f"~{tag.pk}"
    Tag.objects.bulk_update(kept.values(), ["slug"], batch_size=AT_A_TIME)
    for key, tag in kept.items():
        tag.slug, tag.name = key, keyword_name(tag.name) or tag.name
    Tag.objects.bulk_update(kept.values(), ["slug", "name"], batch_size=AT_A_TIME)


class Migration(migrations.Migration):
    dependencies = [
        ("experiences", "0011_facets_and_effects_are_edited"),
        ("practices", "0009_old_addresses"),
        ("accounts", "0003_reports_are_read_first_apart_by_identity"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.RunPython(compose_texts, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(name_keywords, migrations.RunPython.noop, elidable=True),
    ]
