"""Answers held against the description of the API."""

import json

from jsonschema import Draft202012Validator


def check(shapes, operation, answer, code="200"):
    schema = operation["responses"][code]["content"]["application/json"]["schema"]
    whole = {"$ref": schema["$ref"], "components": shapes["components"]}
    whole = json.loads(json.dumps(whole))
    found = [f"{list(one.path)}: {one.message}" for one in Draft202012Validator(whole).iter_errors(answer)]
    assert not found, (operation["operationId"], found)
