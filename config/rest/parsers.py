"""JSON as we accept it: bounded in size and depth, and free of what cannot be stored."""

import json
import re

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser

from config.rest.problems import TooLarge, as_details
from config.text import validate_storable

DEEPEST = 20
# A string (its end may be missing, so that the scan stays linear) or a bracket.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class BoundedJSONParser(JSONParser):
    """Refuse what would cost much or break later, in words, before it is read."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise exceptions.ParseError(_("The request is not valid UTF-8.")) from None
        _refuse_deep(text)
        data = _loads(text)
        if errors := unstorable(data):
            raise exceptions.ValidationError(errors)
        return data


def _refuse_deep(text):
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        if depth > DEEPEST:
            raise exceptions.ParseError(_("The JSON is nested too deeply."))


def _loads(text):
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError:  # Malformed, or a number of thousands of digits.
        raise exceptions.ParseError(_("The request is not valid JSON.")) from None


def _refuse_constant(name):
    raise ValueError(name)


def unstorable(data):
    """Return {top-level field: [ErrorDetail]} for NUL and lone surrogates anywhere in `data`."""
    fields = data.items() if isinstance(data, dict) else [(NON_FIELD_ERRORS, data)]
    errors = {}
    for name, value in fields:
        try:
            for text in _texts(value):
                validate_storable(text)
        except ValidationError as refusal:
            errors[name] = as_details(refusal)[NON_FIELD_ERRORS]
        try:
            validate_storable(name)
        except ValidationError as refusal:
            errors[NON_FIELD_ERRORS] = as_details(refusal)[NON_FIELD_ERRORS]
            errors.pop(name, None)
    return errors


def _texts(value):
    """Yield every string in `value`, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
