"""Texts as people write them: Markdown made safe to show, and two texts compared."""
