"""JSON Schema: the words it is written with, and what serializers say by themselves.

A shape is a dict of JSON Schema, in which a Component stands for itself. What a request takes is
derived from its serializer, whose fields have a `shape` each; what is answered is written beside the
code that answers, from the same fields where it can, and a test holds every answer to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}
TRUTH = {"type": "boolean"}
SLUGS = {"type": "array", "items": TEXT}
DAY = {"type": "string", "format": "date"}
DAY_OR_MONTH = {"type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"}
ADDRESS = {"type": "string", "format": "uri"}


@dataclass(frozen=True, eq=False)
class Component:
    """A shape with a name; it is made when the document is, for it may name rows of the vocabulary."""

    name: str
    make: Callable


def component(name):
    """Name the shape that a function returns."""
    return partial(Component, name)


def nullable(schema):
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema):
    return {"type": "array", "items": schema}


def one_of(values):
    return {"type": "string", "enum": [value for value in values if value != ""]}


def thing(**properties):
    """Return an object whose properties are always there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


# --- From serializers ----------------------------------------------------------------------------


@cache
def input_shape(serializer_class):
    """Return the component of what `serializer_class` takes: FlagSerializer takes a FlagInput."""
    name = serializer_class.__name__.removesuffix("Serializer")
    return Component(f"{name}Input", partial(input_schema, serializer_class))


def input_schema(serializer_class):
    """Return an object with the fields that `serializer_class` takes, unless it has a shape of its own."""
    if hasattr(serializer_class, "shape"):
        return serializer_class.shape
    properties, required = {}, []
    for name, field in writable_fields(serializer_class):
        properties[name] = field_shape(field)
        if not field.required and has_meaning(field.default):
            properties[name] = properties[name] | {"default": field.default}
        if field.required or name in serializer_class.needed:
            required.append(name)
    schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    if serializer_class.example:
        schema["examples"] = [serializer_class.example]
    return schema


def properties_of(serializer_class):
    """Return {name: shape} of the fields that `serializer_class` takes, for answers that give them back."""
    given_back = [row for row in writable_fields(serializer_class) if not row[1].write_only]
    return {name: field_shape(field) for name, field in given_back}


def writable_fields(serializer_class):
    return [(name, field) for name, field in serializer_class().fields.items() if not field.read_only]


def field_shape(field):
    """Return the shape of a field, with what its serializer says of it."""
    shape = field.shape
    if field.allow_null and "null" not in shape.get("type", ()):
        shape = nullable(shape)
    if field.write_only:
        shape = shape | {"writeOnly": True}
    if field.help_text:
        shape = shape | {"description": str(field.help_text)}
    return shape


def has_meaning(default):
    """Whether a default says something to who leaves the field out."""
    return isinstance(default, str | int) and default != ""
