"""The public figures of the site: as a page, and its months as a spreadsheet."""

import csv
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from practices.figures.charts import bars
from practices.models import Figures
from practices.models.practice.content import Grade

SERIES = {
    "reports": gettext_lazy("Reports published"),
    "versions": gettext_lazy("Versions of practices published"),
    "grades_up": gettext_lazy("Grades that rose"),
    "grades_down": gettext_lazy("Grades that fell"),
    "trials": gettext_lazy("Trials told"),
    "questions_answered": gettext_lazy("Questions answered"),
}


@require_safe
def figures(request):
    """Show the figures that the worker made last."""
    made = Figures.objects.latest_made()
    if made is None:
        return render(request, "figures/index.html", {"made": None})
    months, grades = made.data["months"], made.data["grades"]
    context = {
        "made": made,
        "figures": made.data,
        "grades": [(code, Grade[code].label, number) for code, number in grades.items()],
        "of_grades": bars(list(grades.items())),
        "series": SERIES,
        "months": [
            (date.fromisoformat(f"{row['month']}-01"), [row[name] for name in SERIES])
            for row in reversed(months)
        ],
        "charts": [
            (SERIES[name], bars([(row["month"], row[name]) for row in months]))
            for name in ("reports", "versions")
        ],
        "now": [(label, months[-1][name]) for name, label in SERIES.items()] if months else [],
    }
    return render(request, "figures/index.html", context)


@require_safe
def figures_csv(request):
    """Give the months as a spreadsheet, with the names of the API."""
    made = Figures.objects.latest_made()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="retex-figures.csv"'
    rows = csv.writer(response)
    rows.writerow(["month", *SERIES])
    for row in made.data["months"] if made else ():
        rows.writerow([row["month"], *(row[name] for name in SERIES)])
    return response
