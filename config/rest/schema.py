"""How the OpenAPI document is made: addresses and methods from the router, the rest from what views say.

Each action says what it takes and answers (`describes`); the components it names go into the document
with those that they name in turn.
"""

from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.plumbing import ComponentIdentity, ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.permissions import SAFE_METHODS, AllowAny, IsAuthenticated

from config.rest.limits import limit_in_words
from config.rest.operations import operation_of
from config.rest.pages import page_shape
from config.rest.problems import MEDIA_TYPE, problem_shape
from config.rest.shapes import TEXT, Component, input_shape

PROBLEMS = {
    400: "A value, a parameter or a field is refused: “errors” names it.",
    401: "A token is needed, or the one sent does not work.",
    403: "You may not do this, or the token may read only.",
    404: "There is nothing here, or nothing you may know of.",
    406: "Only JSON is given: “Accept” asks for something else.",
    409: "This Idempotency-Key was used for another request.",
    412: "It was changed since you read it.",
    413: "The request is too large.",
    415: "Send JSON.",
    428: "“If-Match” is missing.",
    429: "Too many requests: wait as long as Retry-After says.",
    503: "The database is out of reach: try again after what Retry-After says.",
}


class AutoSchema(SpectacularSchema):
    """Describe an action as its view does."""

    def get_operation_id(self):
        return f"{self.view.basename.removeprefix('api-')}_{self.view.action}".replace("-", "_")

    def get_tags(self):
        return [self.view.tag or self.view.basename.removeprefix("api-")]

    def get_description(self):
        return " ".join(super().get_description().split())  # A docstring's line ends say nothing.

    def get_summary(self):
        return self.get_description().split(".")[0]

    def get_auth(self):
        needed = IsAuthenticated in self.view.permission_classes or self.method not in SAFE_METHODS
        return [{"Token": []}] if needed else [{"Token": []}, {}]

    def _is_list_view(self, serializer=None):
        return False  # The envelope of a list is a shape like others.

    def get_filter_backends(self):
        return []

    # --- Shapes ----------------------------------------------------------------------------------

    def _get_request_body(self, direction="request"):
        takes = operation_of(self.view).takes
        if takes is None:
            return None
        schema = self._resolve(input_shape(takes))
        return {"content": {"application/json": {"schema": schema}}, "required": True}

    def get_response_serializers(self):
        answers = {operation_of(self.view).code: OpenApiResponse(self._answer(), self.get_summary())}
        if operation_of(self.view).hides:
            answers[204] = OpenApiResponse(None, description="It is done, and out of your sight.")
        if self.method == "GET":
            answers[304] = OpenApiResponse(None, description="You have it already (If-None-Match).")
        for code in self._problems():
            said = PROBLEMS[code] + (limit_in_words(self.view) if code == 429 else "")
            problem = OpenApiResponse(self._resolve(problem_shape), said)
            answers[code, MEDIA_TYPE] = problem
        return answers

    def _answer(self):
        operation, shape = operation_of(self.view), self.view.shape
        if operation.code == 204:
            return None
        if operation.answers is None and self.view.action == "list":
            return self._resolve(page_shape(shape))
        return self._resolve(operation.answers or shape)

    def _resolve(self, shape):
        """Return `shape` with references to its components, each of which the document then has."""
        if isinstance(shape, Component):
            found = ResolvedComponent(shape.name, ResolvedComponent.SCHEMA, object=ComponentIdentity(shape))
            if found not in self.registry:
                self.registry.register(found)  # First, for a shape may have more of its kind inside.
                found.schema = self._resolve(shape.make())
            return found.ref
        if isinstance(shape, dict):
            return {key: self._resolve(value) for key, value in shape.items()}
        if isinstance(shape, list):
            return [self._resolve(value) for value in shape]
        return shape

    def _problems(self):
        codes = [400, 401, 406, 429, 503]  # A token that does not work is refused wherever it is sent.
        if AllowAny not in self.view.permission_classes:
            codes += [403]
        if "{" in self.path or operation_of(self.view).looks_up:
            codes += [404]
        if self.method not in SAFE_METHODS:
            codes += [409, 413, 415]
        if self.method in ("PUT", "PATCH") and "{" in self.path:
            codes += [412, 428]
        elif operation_of(self.view).heeds_version:
            codes += [412]
        return sorted(codes)

    # --- Parameters ------------------------------------------------------------------------------

    def _resolve_path_parameters(self, variables):
        meanings = operation_of(self.view).path
        return [
            {
                "in": "path",
                "name": name,
                "required": True,
                "schema": {"type": "string"},
                "description": meanings.get(name) or self.view.lookup_description,
            }
            for name in variables
        ]

    def get_override_parameters(self):
        operation = operation_of(self.view)
        if callable(operation.parameters):
            return [query(*row) for row in operation.parameters()]
        found = [query(*row) for row in operation.parameters.items()]
        if self.method == "GET":
            found.append(header("If-None-Match", "The ETag of an earlier answer."))
        if self.method in ("PUT", "PATCH") and "{" in self.path:
            found.append(header("If-Match", "The version you read, or its whole ETag.", required=True))
        elif operation.heeds_version:
            found.append(header("If-Match", "The version you read, or its whole ETag: held to when sent."))
        if operation.code == 201:
            found.append(header("Idempotency-Key", "Sent twice with the same body, it acts once."))
        return found


def query(name, description, schema=TEXT):
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description)


def header(name, description, required=False):
    return OpenApiParameter(name, TEXT, OpenApiParameter.HEADER, description=description, required=required)
