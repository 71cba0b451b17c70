"""The texts by which practices are found: see experiences/text_index/texts.py."""

from experiences.text_index.texts import IndexedText


class PracticeText(IndexedText):
    """Of what readers see of a practice."""
