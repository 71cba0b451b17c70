"""How the OpenAPI document is made: addresses and methods from the router, shapes from `shapes.py`."""

from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated

from config.rest.shapes import TEXT, components, many, one_of, ref

# What each action takes and answers: (body, status, answer). Verbs not named answer the whole thing.
ACTIONS = {
    "api-root": {"list": (None, 200, "Root")},
    "api-schema": {"list": (None, 200, "OpenAPI")},
    "api-experience": {
        "list": (None, 200, "ExperienceList"),
        "create": ("ExperienceInput", 201, "Experience"),
        "update": ("ExperienceInput", 200, "Experience"),
        "partial_update": ("ExperienceInput", 200, "Experience"),
        "return_to_author": ("ReturnInput", 200, "Experience"),
        "stakes": ("StakesInput", 200, "Experience"),
        "withdraw": ("NoteInput", 200, "Experience"),
        "withdraw_trust": ("NoteInput", 200, "Experience"),
        "give_trust_back": ("NoteInput", 200, "Experience"),
        "follow_ups": (None, 200, "FollowUpList"),
        "follow_up": ("FollowUpInput", 201, "FollowUp"),
        "questions": (None, 200, "QuestionList"),
        "ask": ("QuestionInput", 201, "Question"),
        "revisions": (None, 200, "RevisionList"),
        None: (None, 200, "Experience"),
    },
    "api-question": {
        "answer": ("AnswerInput", 200, "Question"),
        "take_back": (None, 204, None),
        "remove": ("NoteInput", 204, None),
    },
    "api-practice": {
        "list": (None, 200, "PracticeList"),
        "create": ("PracticeInput", 201, "Practice"),
        "update": ("PracticeInput", 200, "Practice"),
        "partial_update": ("PracticeInput", 200, "Practice"),
        "return_to_curators": ("NoteInput", 200, "Practice"),
        "retire": ("RetireInput", 200, "Practice"),
        "translate": ("TranslateInput", 201, "Practice"),
        "follow": ("FollowInput", 200, "Practice"),
        "claims": ("ClaimInput", 201, "Claim"),
        "comments": (None, 200, "CommentList"),
        "comment": ("CommentInput", 201, "Comment"),
        "settle": (None, 200, "Comment"),
        "trials": (None, 200, "TrialList"),
        "try_out": ("TrialInput", 201, "Trial"),
        "grow": (None, 200, "Experience"),
        "grades": (None, 200, "GradeMoveList"),
        "version_list": (None, 200, "PracticeVersionList"),
        "versions": (None, 200, "PracticeVersion"),
        None: (None, 200, "Practice"),
    },
    "api-claim": {"evidence": ("EvidenceInput", 201, "Evidence")},
    "api-cluster": {
        "list": (None, 200, "ClusterList"),
        "retrieve": (None, 200, "Cluster"),
        "begin": ("BeginInput", 201, "Practice"),
        "dismiss": ("DismissInput", 204, None),
    },
    "api-competency": {"list": (None, 200, "CompetencyList"), "retrieve": (None, 200, "Competency")},
    "api-stake": {"list": (None, 200, "StakeList"), "retrieve": (None, 200, "Stake")},
    "api-context": {"list": (None, 200, "ContextList")},
    "api-effect": {"list": (None, 200, "EffectList")},
    "api-wording": {"list": (None, 200, "WordingList")},
    "api-me": {"list": (None, 200, "Me"), "notices": ("NoticesInput", 200, "Me")},
    "api-me-data": {"list": (None, 200, "MyData")},
    "api-mine": {
        "situation": (None, 200, "Situation"),
        "state_situation": ("SituationInput", 200, "Situation"),
        "experiences": (None, 200, "MyExperienceList"),
    },
    "api-token": {
        "list": (None, 200, "TokenList"),
        "create": ("TokenInput", 201, "TokenMade"),
        "destroy": (None, 204, None),
    },
}
PROBLEMS = {
    400: "A value, a parameter or a field is refused: “errors” names it.",
    401: "A token is needed, or the one sent does not work.",
    403: "You may not do this, or the token may read only.",
    404: "There is nothing here, or nothing you may know of.",
    405: "This method is not offered here.",
    409: "This Idempotency-Key was used for another request.",
    412: "It was changed since you read it.",
    415: "Send JSON.",
    428: "“If-Match” is missing.",
    429: "Too many requests: wait as long as Retry-After says.",
}
PATHS = {
    "public_id": "The id of the report or question: 12 characters.",
    "slug": "The slug.",
    "id": "The claim's id.",
    "pk": "The claim's id.",
    "number": "The number of the version, or the id of the comment.",
    "handle": "The token's id.",
    "key": "The cluster's id.",
}


class AutoSchema(SpectacularSchema):
    """Describe an action by the tables above."""

    def _action(self):
        actions = ACTIONS[self.view.basename]
        return actions.get(self.view.action) or actions[None]

    def get_operation_id(self):
        return f"{self.view.basename.removeprefix('api-')}_{self.view.action}".replace("-", "_")

    def get_tags(self):
        return [self.view.basename.removeprefix("api-").replace("mine", "me").removesuffix("-data")]

    def get_summary(self):
        return self.get_description().split(".")[0].split("\n")[0]

    def get_auth(self):
        needed = IsAuthenticated in self.view.permission_classes or self.method not in SAFE_METHODS
        return [{"Token": []}] if needed else [{"Token": []}, {}]

    def _is_list_view(self, serializer=None):
        return False  # The envelope of a list is a shape like others.

    def get_filter_backends(self):
        return []

    def _get_request_body(self, direction="request"):
        body = self._action()[0]
        content = {"application/json": {"schema": ref(body)}}
        return {"content": content, "required": True} if body else None

    def get_response_serializers(self):
        _body, code, name = self._action()
        answers = {code: OpenApiResponse(ref(name) if name else None, description=self.get_summary())}
        if self.method == "GET":
            answers[304] = OpenApiResponse(None, description="You have it already (If-None-Match).")
        for problem_code in self._problems():
            answers[problem_code, "application/problem+json"] = OpenApiResponse(
                ref("Problem"), description=PROBLEMS[problem_code]
            )
        return answers

    def _problems(self):
        codes = [400, 429]
        if "{" in self.path:
            codes += [404]
        if self.method not in SAFE_METHODS:
            codes += [401, 403, 409, 415]
        elif IsAuthenticated in self.view.permission_classes:
            codes += [401]
        if self.method in ("PUT", "PATCH") and "{" in self.path:
            codes += [412, 428]
        return sorted(codes)

    def _resolve_path_parameters(self, variables):
        return [
            {
                "in": "path",
                "name": name,
                "required": True,
                "schema": {"type": "string"},
                "description": PATHS.get(name, name),
            }
            for name in variables
        ]

    def get_override_parameters(self):
        finder = getattr(self.view, "finder", None)
        if finder and self.view.action == "list":
            return [query(*row) for row in finder_parameters(finder)]
        known = getattr(self.view, "params", {}).get(self.view.action, ())
        found = [query(name, OTHER_PARAMETERS[name]) for name in known]
        if self.method == "GET":
            found.append(header("If-None-Match", "The ETag of an earlier answer."))
        if self.method in ("PUT", "PATCH") and "{" in self.path:
            found.append(header("If-Match", "The version you read, or its whole ETag.", required=True))
        if self._action()[1] == 201:
            found.append(header("Idempotency-Key", "Sent twice with the same body, it acts once."))
        return found


OTHER_PARAMETERS = {
    "cursor": "Where to go on: from “next” or “previous”.",
    "stake": "A stake; see /api/v1/stakes/.",
    "copy": "For curators: “published” (default) or “working”.",
}


def finder_parameters(finder):
    """Yield (name, description, schema) for the parameters of a list."""
    from experiences.models import Experience, Facet
    from experiences.search.filters import LARGEST_PAGE, PAGE
    from practices.models import Practice

    several, size = many(TEXT), {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
    yield "q", "Words to search for.", TEXT
    yield "stake", "A stake; repeated: all of them.", several
    yield "not_stake", "A stake to leave out.", several
    for facet in Facet.objects.all():
        yield facet.slug, f"{facet.name_en}; repeated: any of them.", several
        yield f"not_{facet.slug}", f"{facet.name_en}: values to leave out.", several
    yield "language", "The language it is written in.", many(one_of(Experience.Language.values))
    if "verdict" in finder.filters:
        yield "verdict", "The outcome.", many(one_of(Experience.Verdict.values))
        yield "min_strength", "The least strength.", one_of(Experience.Strength.names)
    if "min_grade" in finder.filters:
        yield "min_grade", "The least grade.", one_of(Practice.Grade.names)
    if "keyword" in finder.filters:
        yield "keyword", "A free keyword.", TEXT
    yield "updated_since", "Changed since this date or time.", TEXT
    yield "ordering", "The order; newest if not given.", one_of(finder.orderings)
    yield "page_size", "How many at once.", size
    yield "cursor", "Where to go on: from “next” or “previous”.", TEXT
    yield "facets", "1: also count the values of each facet.", one_of(["0", "1"])


def query(name, description, schema=TEXT):
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description)


def header(name, description, required=False):
    return OpenApiParameter(name, TEXT, OpenApiParameter.HEADER, description=description, required=required)


def complete(result, generator, request, public):
    """Add the named shapes and the way to sign in (a hook of drf-spectacular)."""
    result.setdefault("components", {})["schemas"] = components()
    result["components"]["securitySchemes"] = {
        "Token": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "“Token ” followed by the key you made in your profile.",
        }
    }
    return result
