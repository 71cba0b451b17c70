"""The OpenAPI document, and a page that reads it out."""

import json
from functools import cache

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from config.rest.limits import limits
from config.rest.operations import describes
from config.rest.serializers import Serializer
from config.rest.shapes import component
from config.rest.views import ViewSet


@cache
def document():
    """Return the OpenAPI document, made once a process."""
    return SchemaGenerator().get_schema(request=None, public=True)


@component("OpenAPI")
def openapi_shape():
    return {"type": "object"}


class SchemaViewSet(ViewSet):
    """The description of this API for programs."""

    permission_classes = [AllowAny]
    serializer_class = Serializer

    @describes(answers=openapi_shape)
    def list(self, request):
        """Read this OpenAPI document."""
        whole = document()
        info = whole["info"] | {"title": f"{request.site.name} API"}
        return Response(whole | {"info": info})


@require_safe
def reference(request):
    """Show the document to people: our own page, since viewers ask for scripts and styles we forbid."""
    whole = document()
    context = {
        "root": request.build_absolute_uri(reverse("api-root")),
        "groups": groups(whole),
        "limits": limits(),
        "shapes": [
            {"name": name, "text": json.dumps(schema, indent=2, ensure_ascii=False)}
            for name, schema in whole["components"]["schemas"].items()
        ],
    }
    return render(request, "api/reference.html", context)


def groups(whole):
    """Return [(resource, operations)], each operation with what a reader needs of it."""
    found = {}
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(readable(path, method, operation))
    return list(found.items())


def readable(path, method, operation):
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "description": operation["description"],
        "parameters": [_parameter(one) for one in operation.get("parameters", []) if one["in"] != "path"],
        "takes": _name(body.get("schema", {})),
        "needs_token": {} not in operation["security"],
        "answers": [
            {
                "code": code,
                "description": answer["description"],
                "gives": next(
                    (_name(one.get("schema", {})) for one in answer.get("content", {}).values()), ""
                ),
            }
            for code, answer in sorted(operation["responses"].items())
        ],
    }


def _name(schema):
    return schema.get("$ref", "").rpartition("/")[2]


def _parameter(one):
    schema = one["schema"]
    values = schema.get("enum") or schema.get("items", {}).get("enum", [])
    return {"name": one["name"], "description": one.get("description", ""), "choices": values}
