"""Practices on their way out and in: files, Markdown, citations."""
