"""Dates written out, day first, as everywhere on the site ("3 September 2026")."""

DATE_FORMAT = "j F Y"
YEAR_MONTH_FORMAT = "F Y"
DATETIME_FORMAT = "j F Y, H:i"
