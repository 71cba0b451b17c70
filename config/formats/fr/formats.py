"""Dates written out ("3 septembre 2026")."""

DATE_FORMAT = "j F Y"
YEAR_MONTH_FORMAT = "F Y"
