"""How the OpenAPI document is made: addresses and methods from the router, shapes from here.

The shapes are written out, because serializers that leave judging to the model say little about
values; a test holds every answer of the API to them.
"""

from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
TRUTH = {"type": "boolean"}
SLUGS = {"type": "array", "items": TEXT}
CONTEXTS = {
    "type": "object",
    "additionalProperties": SLUGS,
    "description": "Facets, each with a list of values; see /api/v1/contexts/.",
    "examples": [{"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]}],
}
MONTH = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}$", "examples": ["2025-03"]}
DAY = {"type": "string", "format": "date"}
DAY_OR_MONTH = {"type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"}
ADDRESS = {"type": "string", "format": "uri"}
NAMED = {
    "type": ["object", "null"],
    "properties": {"name": TEXT},
    "required": ["name"],
    "description": "Null when the author's name is withheld.",
}
NUMBER = {"type": "number"}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema):
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema):
    return {"type": "array", "items": schema}


def one_of(values):
    return {"type": "string", "enum": [value for value in values if value != ""]}


def thing(required=True, **properties):
    """Return an object; `required` is whether its properties are always there."""
    schema = {"type": "object", "properties": properties}
    return schema | {"required": list(properties)} if required else schema


WORDS = {
    "type": "string",
    "enum": ["some"],
    "description": "Given when few or none have all the words of ?q=: those with most of them come first.",
}


def page(name, **more):
    """Return the envelope of a list."""
    envelope = thing(
        next=nullable(ADDRESS),
        previous=nullable(ADDRESS),
        count=WHOLE,
        count_is_exact=TRUTH,
        results=many(ref(name)),
    )
    envelope["properties"] |= more
    return envelope


def components():
    """Return all named shapes."""
    return {**reports(), **practices(), **vocabulary(), **own(), "Problem": problem()}


def problem():
    error = thing(field=TEXT, code=TEXT, message=TEXT)
    schema = thing(type=TEXT, title=TEXT, status=WHOLE, detail=TEXT, errors=many(error))
    schema["examples"] = [
        {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "The request is not valid: see “errors”.",
            "errors": [
                {
                    "field": "verdict",
                    "code": "invalid_choice",
                    "message": "“great” is not one of the values. …",
                }
            ],
        }
    ]
    return schema


def reports():
    from experiences.models import Effect, Experience, Measure, Source

    verdict = one_of(Experience.Verdict.values)
    columns = {
        "title": TEXT | {"maxLength": 200},
        "language": one_of(Experience.Language.values),
        "started_on": MONTH,
        "ended_on": MONTH,
    }
    texts = {name: TEXT | {"maxLength": 80_000, "description": "Markdown."} for name in Experience.TEXTS}
    rest = {
        "verdict": {"type": "string", "enum": [*Experience.Verdict.values, ""]},
        "follow_up_on": MONTH,
        "stakes": SLUGS | {"maxItems": 5, "description": "See /api/v1/stakes/."},
        "contexts": CONTEXTS,
        "keywords": SLUGS | {"maxItems": 10},
        "measures": many(ref("Measure")) | {"maxItems": 10},
        "sources": many(ref("Source")) | {"maxItems": 10},
        "effort": ref("Effort"),
        "identity": one_of(Experience.Identity.values),
    }
    head = {"id": TEXT, "url": ADDRESS, "html_url": ADDRESS, "status": one_of(Experience.Status.values)}
    tail = {
        "author": NAMED,
        "strength": one_of(Experience.Strength.names),
        "follow_ups": many(ref("FollowUp")),
        "feeds": many(ref("Feeds")),
        "published_on": nullable(DAY_OR_MONTH),
        "version": WHOLE,
    }
    private = {"organisation": TEXT | {"maxLength": 120, "writeOnly": True, "description": "Never shown."}}
    measure = thing(
        effect=one_of(Effect.objects.values_list("slug", flat=True)),
        direction=one_of(Measure.Direction.values),
        **dict.fromkeys(("indicator", "before", "after", "unit", "source"), TEXT),
    ) | {"required": ["effect", "direction"]}
    source = thing(url=ADDRESS, label=TEXT, visibility=one_of(Source.Visibility.values))
    told = {"verdict": verdict, "text": TEXT}
    count = {"type": ["integer", "null"], "minimum": 0}
    body = thing(False, **columns, **texts, **rest, **private)
    body["examples"] = [EXAMPLE]
    return {
        "Experience": thing(**head, **columns, **texts, **rest, **tail),
        "ExperienceItem": thing(**head, **columns, **rest, **tail, excerpt=TEXT),
        "ExperienceInput": body,
        "ExperienceList": page("ExperienceItem", facets=ref("Facets"), words=WORDS),
        "Facets": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": WHOLE},
        },
        "Measure": measure,
        "Source": source | {"required": ["url"]},
        "Effort": thing(False, people=count, hours=count, weeks=count),
        "Feeds": thing(practice=TEXT, claim=WHOLE, bearing=bearing()),
        "FollowUp": thing(told_on=DAY_OR_MONTH, **told),
        "FollowUpInput": thing(**told, told_on=DAY) | {"required": ["verdict", "text"]},
        "FollowUpList": page("FollowUp"),
        "ReturnInput": thing(reason=one_of(Experience.ReturnReason.values), note=TEXT),
        "NoteInput": thing(note=TEXT),
    }


EXAMPLE = {
    "title": "A named colleague replied to every first post",
    "language": "en",
    "started_on": "2024-03",
    "situation": "Four first posts out of ten had no reply.",
    "action": "Eleven members took one week each.",
    "result": "The median wait fell from 76 hours to 7.",
    "verdict": "worked",
    "stakes": ["first-steps"],
    "contexts": {"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]},
    "measures": [
        {
            "effect": "answer-speed",
            "direction": "down",
            "before": "76",
            "after": "7",
            "unit": "hours",
            "source": "logs",
        }
    ],
    "identity": "withheld",
}


def bearing():
    from practices.models import Evidence

    return one_of(Evidence.Bearing.values)


def practices():
    from experiences.models import Experience
    from practices.models import Claim, Practice

    verdicts = Experience.Verdict.values
    short = {
        "title": TEXT | {"maxLength": 200},
        "language": one_of(Experience.Language.values),
        "summary": TEXT | {"maxLength": 600},
    }
    texts = {name: TEXT | {"maxLength": 80_000, "description": "Markdown."} for name in Practice.TEXTS}
    tags = {"stakes": SLUGS, "contexts": CONTEXTS}
    head = {"id": TEXT, "url": ADDRESS, "html_url": ADDRESS, "status": one_of(Practice.Status.values)}
    tail = {
        "grade": ref("Grade"),
        "version": WHOLE,
        "published_on": nullable(DAY),
        "review_due_on": nullable(DAY),
        "replaced_by": nullable(TEXT),
    }
    counted = {"verdicts": thing(**dict.fromkeys(verdicts, WHOLE))}
    whole = thing(**head, **short, **texts, **tags, **tail, claims=many(ref("Claim")))
    curators = {"edit_version": WHOLE, "copy": one_of(["published", "working"])}
    with_counts = thing(**whole["properties"], **counted)
    with_counts["properties"] |= curators
    words = {"kind": one_of(Claim.Kind.values), "text": TEXT | {"maxLength": 500}, "opinion": TRUTH}
    cited = {
        "experience": TEXT,
        "bearing": bearing(),
        "excerpt": TEXT | {"description": "Word for word from the report."},
        "note": TEXT,
    }
    tried = {"verdict": one_of(verdicts), "line": TEXT | {"maxLength": 280}}
    return {
        "Practice": with_counts,
        "PracticeVersion": whole,
        "PracticeItem": thing(**head, **short, **tags, **tail, **counted),
        "PracticeInput": thing(False, **short, **texts, **tags, review_due_on=nullable(DAY)),
        "PracticeList": page("PracticeItem", facets=ref("Facets"), words=WORDS),
        "Claim": thing(id=WHOLE, **words, evidence=many(ref("Evidence"))),
        "ClaimInput": thing(**words) | {"required": ["text"]},
        "Evidence": thing(**cited, stale=TRUTH),
        "EvidenceInput": thing(**cited) | {"required": ["experience", "bearing", "excerpt"]},
        "Grade": thing(
            code=one_of(["G0", "G1", "G2", "G3", "G4"]),
            rule_version=WHOLE,
            independent_support=NUMBER,
            contradictions=NUMBER,
            flags=many(one_of(["disputed", "ageing", "narrow", "harm-reported"])),
            reasons=SLUGS,
            next=SLUGS,
            lowered_reason=TEXT,
        ),
        "RetireInput": thing(False, heir=TEXT, note=TEXT),
        "Trial": thing(**tried, author=NAMED, contexts=CONTEXTS, tried_on=DAY_OR_MONTH),
        "TrialInput": thing(**tried, identity=one_of(Experience.Identity.values))
        | {"required": ["verdict", "line"]},
        "TrialList": page("Trial"),
    }


def vocabulary():
    names = {"name_en": TEXT, "name_fr": TEXT}
    defined = {"definition_en": TEXT, "definition_fr": TEXT}
    counts = {"reports": WHOLE, "practices": WHOLE}
    term = {"retired_on": nullable(DAY), "heirs": SLUGS}
    facet = {
        "facet": TEXT,
        "facet_name_en": TEXT,
        "facet_name_fr": TEXT,
        "facet_required": TRUTH,
        "facet_most": WHOLE,
    }
    shapes = {
        "Competency": thing(slug=TEXT, **names, **defined, stakes=SLUGS, **counts),
        "Stake": thing(slug=TEXT, html_url=ADDRESS, competency=TEXT, **names, **defined, **term, **counts),
        "Context": thing(**facet, slug=TEXT, **names, **term, **counts),
        "Effect": thing(slug=TEXT, **names),
        "Wording": thing(kind=TEXT, slug=TEXT, **names, meaning_en=TEXT, meaning_fr=TEXT),
    }
    return shapes | {f"{name}List": page(name) for name in shapes}


def own():
    scope = one_of(["read", "write"])
    token = {"id": TEXT, "name": TEXT, "scope": scope, "created_on": DAY, "expires_on": nullable(DAY)}
    return {
        "Root": {"type": "object", "additionalProperties": ADDRESS},
        "OpenAPI": {"type": "object"},
        "Me": thing(
            name=TEXT, language=TEXT, roles=SLUGS, scope=scope, experiences=ADDRESS, situation=ADDRESS
        ),
        "MyExperienceList": page("ExperienceItem"),
        "Situation": thing(stated_on=nullable(DAY), contexts=CONTEXTS),
        "SituationInput": CONTEXTS,
        "Token": thing(**token),
        "TokenMade": thing(**token, token=nullable(TEXT)),
        "TokenInput": thing(name=TEXT, scope=scope, days={"type": "integer", "minimum": 1, "maximum": 365})
        | {"required": ["name"]},
        "TokenList": page("Token"),
    }


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
        "withdraw": ("NoteInput", 200, "Experience"),
        "follow_ups": (None, 200, "FollowUpList"),
        "follow_up": ("FollowUpInput", 201, "FollowUp"),
        None: (None, 200, "Experience"),
    },
    "api-practice": {
        "list": (None, 200, "PracticeList"),
        "create": ("PracticeInput", 201, "Practice"),
        "update": ("PracticeInput", 200, "Practice"),
        "partial_update": ("PracticeInput", 200, "Practice"),
        "return_to_curators": ("NoteInput", 200, "Practice"),
        "retire": ("RetireInput", 200, "Practice"),
        "claims": ("ClaimInput", 201, "Claim"),
        "trials": (None, 200, "TrialList"),
        "try_out": ("TrialInput", 201, "Trial"),
        "versions": (None, 200, "PracticeVersion"),
        None: (None, 200, "Practice"),
    },
    "api-claim": {"evidence": ("EvidenceInput", 201, "Evidence")},
    "api-competency": {"list": (None, 200, "CompetencyList"), "retrieve": (None, 200, "Competency")},
    "api-stake": {"list": (None, 200, "StakeList"), "retrieve": (None, 200, "Stake")},
    "api-context": {"list": (None, 200, "ContextList")},
    "api-effect": {"list": (None, 200, "EffectList")},
    "api-wording": {"list": (None, 200, "WordingList")},
    "api-me": {"list": (None, 200, "Me")},
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
    "public_id": "The report's id: 12 characters.",
    "slug": "The slug.",
    "id": "The claim's id.",
    "pk": "The claim's id.",
    "number": "The number of the version.",
    "handle": "The token's id.",
}


class AutoSchema(SpectacularSchema):
    """Describe an action by the tables above."""

    def _action(self):
        actions = ACTIONS[self.view.basename]
        return actions.get(self.view.action) or actions[None]

    def get_operation_id(self):
        return f"{self.view.basename.removeprefix('api-')}_{self.view.action}".replace("-", "_")

    def get_tags(self):
        return [self.view.basename.removeprefix("api-").replace("mine", "me")]

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
    "copy": "For curators: “published” (default) or “working”.",
}


def finder_parameters(finder):
    """Yield (name, description, schema) for the parameters of a list."""
    from experiences.models import Experience, Facet

    several = {"type": "array", "items": TEXT}
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
        yield "min_grade", "The least grade.", one_of(["G0", "G1", "G2", "G3", "G4"])
    if "keyword" in finder.filters:
        yield "keyword", "A free keyword.", TEXT
    yield "updated_since", "Changed since this date or time.", TEXT
    yield "ordering", "The order; newest if not given.", one_of(finder.orderings)
    yield "page_size", "How many at once.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}
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
