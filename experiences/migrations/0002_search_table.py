from django.db import migrations

SQLITE = "CREATE VIRTUAL TABLE experiences_search USING fts5(title, weighty, rest, prefix='2 3')"
POSTGRESQL = """
CREATE TABLE experiences_search (id bigint PRIMARY KEY, tsv tsvector NOT NULL);
CREATE INDEX experiences_search_words ON experiences_search USING gin (tsv);
"""


def make_table(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE experiences_search")


class Migration(migrations.Migration):
    dependencies = [("experiences", "0001_initial")]

    operations = [migrations.RunPython(make_table, drop_table)]
