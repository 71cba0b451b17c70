"""The texts by which practices are found: see experiences/text_index/texts.py."""

from experiences.text_index.texts import IndexedText
from experiences.text_index.vectors import TextVector


class PracticeVector(TextVector):
    """Of what readers see of a practice."""


class PracticeText(IndexedText):
    """Of what readers see of a practice."""

    Vector = PracticeVector
