"""The floor: what no view of these rows can go below. One SQL, one JSON, through all the middleware."""

from functools import cache

from django.db import connection, transaction
from django.http import JsonResponse
from django.utils.crypto import get_random_string
from django.views.decorators.csrf import csrf_exempt

from experiences.models import Experience

NEWEST = """
    SELECT public_id, title, verdict, language, strength, identity, started_on, ended_on, published_at,
        version
    FROM experiences_experience WHERE status = 'published' ORDER BY order_key DESC LIMIT 25
"""


def newest(request):
    """Answer the 25 newest reports."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return JsonResponse({"results": rows})


@csrf_exempt
def inserts(request):
    """Insert one report, three stakes and six contexts: what posting one cannot go below."""
    told = {"title": request.POST["title"], "author_id": request.POST["author"]}
    told |= dict.fromkeys(["situation", "action", "result", "lessons"], request.POST["text"])
    row = empty_row() | told | {"public_id": get_random_string(12), "verdict": "worked"}
    columns, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO experiences_experience ({columns}) VALUES ({marks}) RETURNING id", [*row.values()]
        )
        (key,) = cursor.fetchone()
        for name in ("stake", "context"):
            pairs = ", ".join(f"({key}, {int(number)})" for number in request.POST.getlist(name))
            cursor.execute(f"INSERT INTO experiences_report{name} (content_object_id, tag_id) VALUES {pairs}")
    return JsonResponse({"id": row["public_id"]})


@cache
def empty_row():
    """Return {column: what the database takes for it} of a report that says nothing yet."""
    fields = [field for field in Experience._meta.concrete_fields if not field.primary_key]
    return {field.column: field.get_db_prep_save(field.get_default(), connection) for field in fields}
