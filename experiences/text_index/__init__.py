"""What words are looked for in: texts as stems, kept in the database, and an index of them in files."""
