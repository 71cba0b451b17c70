"""Practices on their way out: files, Markdown, citations."""
