"""Dates written out ("3 septembre 2026", and "1er": see written.py), thousands apart by a narrow space."""

DATE_FORMAT = "j F Y"
YEAR_MONTH_FORMAT = "F Y"
THOUSAND_SEPARATOR = "\u202f"
