from django.db import migrations

SQLITE = "CREATE VIRTUAL TABLE practices_search USING fts5(title, weighty, rest, prefix='2 3')"
POSTGRESQL = """
CREATE TABLE practices_search (id bigint PRIMARY KEY, tsv tsvector NOT NULL);
CREATE INDEX practices_search_words ON practices_search USING gin (tsv);
"""


def make_table(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE practices_search")


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial")]

    operations = [migrations.RunPython(make_table, drop_table)]
