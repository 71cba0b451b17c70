"""The shapes of what the API takes and answers, as JSON Schema.

Written out, because serializers that leave judging to the model say little about values; a test
holds every answer of the API to them.
"""

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
    "description": "Null when the name is withheld.",
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


def markdown(model):
    """Return the shapes of the texts of `model`."""
    lengths = {name: model._meta.get_field(name).max_length for name in model.TEXTS}
    return {name: TEXT | {"maxLength": most, "description": "Markdown."} for name, most in lengths.items()}


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
    from experiences.models import Effect, Experience, Measure, Revision, Source
    from experiences.models.questions import LONGEST_ANSWER, LONGEST_QUESTION, PARTS
    from experiences.models.report.parts import MOST_KEYWORDS, MOST_MEASURES, MOST_SOURCES, MOST_STAKES

    states = [state for state in Experience.Status.values if state != Experience.Status.ERASED]
    verdict = one_of(Experience.Verdict.values)
    columns = {
        "title": TEXT | {"maxLength": 200},
        "language": one_of(Experience.Language.values),
        "started_on": MONTH,
        "ended_on": MONTH,
    }
    texts = markdown(Experience)
    rest = {
        "verdict": {"type": "string", "enum": [*Experience.Verdict.values, ""]},
        "follow_up_on": MONTH,
        "stakes": SLUGS | {"maxItems": MOST_STAKES, "description": "See /api/v1/stakes/."},
        "contexts": CONTEXTS,
        "keywords": SLUGS | {"maxItems": MOST_KEYWORDS},
        "measures": many(ref("Measure")) | {"maxItems": MOST_MEASURES},
        "sources": many(ref("Source")) | {"maxItems": MOST_SOURCES},
        "effort": ref("Effort"),
        "identity": one_of(Experience.Identity.values),
    }
    head = {"id": TEXT, "url": ADDRESS, "html_url": ADDRESS, "status": one_of(states)}
    tail = {
        "author": NAMED,
        "strength": one_of(Experience.Strength.names),
        "author_stakes": SLUGS | {"description": "The author's choice, where a reviewer set others."},
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
    question = {
        "part": one_of([part for part, _label in PARTS]),
        "text": TEXT | {"maxLength": LONGEST_QUESTION},
    }
    answered = {"answer": TEXT | {"maxLength": LONGEST_ANSWER}, "answered_on": nullable(DAY_OR_MONTH)}
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
        "Question": thing(
            id=TEXT, **question, asked_by=NAMED, asked_on=DAY_OR_MONTH, **answered, version=WHOLE
        ),
        "QuestionInput": thing(**question, identity=one_of(Experience.Identity.values))
        | {"required": ["text"]},
        "QuestionList": page("Question"),
        "AnswerInput": thing(text=answered["answer"]),
        "Revision": thing(id=TEXT, kind=one_of(Revision.Kind.values), on=DAY_OR_MONTH, told=ref("Told")),
        "RevisionList": page("Revision"),
        "Told": thing(**columns, **texts, **rest),
        "ReturnInput": thing(reason=one_of(Experience.ReturnReason.values), note=TEXT),
        "NoteInput": thing(note=TEXT),
        "StakesInput": thing(stakes=rest["stakes"]),
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
    from practices.grading import FLAG_SENTENCES
    from practices.models import Claim, LogLine, Practice

    verdicts = Experience.Verdict.values
    short = {
        "title": TEXT | {"maxLength": 200},
        "language": one_of(Experience.Language.values),
        "summary": TEXT | {"maxLength": 600},
    }
    texts = markdown(Practice)
    tags = {"stakes": SLUGS, "contexts": CONTEXTS}
    head = {"id": TEXT, "url": ADDRESS, "html_url": ADDRESS, "status": one_of(Practice.Status.values)}
    tail = {
        "grade": ref("Grade"),
        "version": WHOLE,
        "published_on": nullable(DAY),
        "review_due_on": nullable(DAY),
        "replaced_by": nullable(TEXT),
        "translation_of": nullable(thing(id=TEXT, version=WHOLE, latest=WHOLE))
        | {"description": "The original, the version of it that is followed, and its latest."},
        "translations": many(thing(id=TEXT, language=one_of(Experience.Language.values))),
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
    some = SLUGS | {"minItems": 1, "description": "Some reports of the cluster; all when left out."}
    tried = {"verdict": one_of(verdicts), "line": TEXT | {"maxLength": 280}}
    return {
        "Practice": with_counts,
        "PracticeVersion": whole,
        "PracticeVersionItem": version_item(),
        "PracticeVersionList": page("PracticeVersionItem"),
        "PracticeItem": thing(**head, **short, **tags, **tail, **counted),
        "PracticeInput": thing(False, **short, **texts, **tags, review_due_on=nullable(DAY)),
        "PracticeList": page("PracticeItem", facets=ref("Facets"), words=WORDS),
        "Claim": thing(id=WHOLE, **words, evidence=many(ref("Evidence"))),
        "ClaimInput": thing(**words) | {"required": ["text"]},
        "Evidence": thing(**cited, stale=TRUTH),
        "EvidenceInput": thing(**cited) | {"required": ["experience", "bearing", "excerpt"]},
        "Grade": thing(
            code=one_of(Practice.Grade.names),
            rule_version=WHOLE,
            independent_support=NUMBER,
            contradictions=NUMBER,
            flags=many(one_of(FLAG_SENTENCES)),
            reasons=SLUGS,
            next=SLUGS | {"description": "What is missing for the next grade."},
            lower=SLUGS | {"description": "What would lower the grade; each is enough by itself."},
            lowered_reason=TEXT,
        ),
        "GradeMove": thing(
            on=DAY_OR_MONTH | {"description": "Its month alone, where the day would date who did it."},
            before=one_of(Practice.Grade.names),
            after=one_of(Practice.Grade.names)
            | {"description": "The same as before when only flags changed."},
            flags=many(one_of(FLAG_SENTENCES)),
            cause=one_of(LogLine.CAUSES),
            sentence=TEXT,
            rule_version=WHOLE,
        ),
        "GradeMoveList": page("GradeMove"),
        **comments(),
        "TranslateInput": thing(title=short["title"], language=short["language"]) | {"required": ["title"]},
        "FollowInput": thing(version=WHOLE),
        "RetireInput": thing(False, heir=TEXT, note=TEXT),
        "Cluster": thing(
            id=TEXT,
            url=ADDRESS,
            html_url=ADDRESS,
            stake=TEXT,
            shared_stakes=SLUGS,
            shared_contexts=CONTEXTS,
            terms={"type": "object", "additionalProperties": SLUGS, "description": "By language."},
            experiences=SLUGS,
            **counted,
        ),
        "ClusterList": page("Cluster"),
        "BeginInput": thing(False, title=TEXT | {"maxLength": 200}, experiences=some),
        "DismissInput": thing(False, experiences=some),
        "Trial": thing(
            **tried,
            report=nullable(TEXT) | {"description": "The report that took its place, and tells it whole."},
            author=NAMED,
            contexts=CONTEXTS,
            tried_on=DAY_OR_MONTH,
        ),
        "TrialInput": thing(**tried, identity=one_of(Experience.Identity.values), contexts=CONTEXTS)
        | {"required": ["verdict", "line"]},
        "TrialList": page("Trial"),
    }


def comments():
    """Return the shapes of what curators say to each other."""
    from practices.models import Comment

    text = TEXT | {"maxLength": Comment._meta.get_field("text").max_length}
    about = TEXT | {"description": "The claim as it was worded when the comment was written."}
    whole = nullable(WHOLE) | {"description": "The claim of the working copy; null for the whole."}
    return {
        "Comment": thing(
            id=WHOLE,
            claim=whole,
            about=about,
            text=text,
            author=NAMED,
            written_on=DAY,
            settled_on=nullable(DAY),
        ),
        "CommentInput": thing(text=text, claim=whole) | {"required": ["text"]},
        "CommentList": page("Comment"),
    }


def version_item():
    """Return the shape of a version in a list of versions."""
    from experiences.models import Experience
    from practices.models import Practice

    changes = thing(
        words=SLUGS | {"description": "The fields that say otherwise than in the version before."},
        claims=thing(added=WHOLE, removed=WHOLE, reworded=WHOLE),
        evidence=thing(added=WHOLE, removed=WHOLE, changed=WHOLE),
    )
    return thing(
        version=WHOLE,
        url=ADDRESS,
        html_url=ADDRESS,
        title=TEXT,
        language=one_of(Experience.Language.values),
        published_on=DAY,
        grade_then=one_of(Practice.Grade.names),
        changes=nullable(changes) | {"description": "Null for the first version."},
    )


def vocabulary():
    names = {"name_en": TEXT, "name_fr": TEXT}
    defined = {"definition_en": TEXT, "definition_fr": TEXT}
    synonyms = {"synonyms_en": many(TEXT), "synonyms_fr": many(TEXT)}
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
        "Stake": thing(
            slug=TEXT, html_url=ADDRESS, competency=TEXT, **names, **defined, **synonyms, **term, **counts
        ),
        "Context": thing(**facet, slug=TEXT, **names, **term, **counts),
        "Effect": thing(slug=TEXT, **names),
        "Wording": thing(kind=TEXT, slug=TEXT, **names, meaning_en=TEXT, meaning_fr=TEXT),
    }
    return shapes | {f"{name}List": page(name) for name in shapes}


def my_data():
    """Return the shape of all that is known of a member: each list has objects of columns by name."""
    known = {"type": "object"}
    several = (
        "addresses", "second_steps", "tokens", "mails", "answers", "administration", "reports", "flags",
        "questions", "acts", "trials", "practices", "dismissals",
    )  # fmt: skip
    lists = {name: many(known) for name in several}
    made = {"made_at": {"type": "string", "format": "date-time"}}
    return thing(**made, profile=known, situation=nullable(known), **lists)


def own():
    from accounts.models import Token, User

    notices = one_of(User.Notices.values)
    scope = one_of(Token.Scope.values)
    token = {"id": TEXT, "name": TEXT, "scope": scope, "created_on": DAY, "expires_on": nullable(DAY)}
    return {
        "Root": {"type": "object", "additionalProperties": ADDRESS},
        "OpenAPI": {"type": "object"},
        "Me": thing(
            name=TEXT,
            language=TEXT,
            notices=notices,
            roles=SLUGS,
            scope=scope,
            data=ADDRESS,
            experiences=ADDRESS,
            situation=ADDRESS,
        ),
        "MyData": my_data(),
        "MyExperienceList": page("ExperienceItem"),
        "Situation": thing(stated_on=nullable(DAY), contexts=CONTEXTS),
        "SituationInput": CONTEXTS,
        "NoticesInput": thing(notices=notices),
        "Token": thing(**token),
        "TokenMade": thing(**token, token=nullable(TEXT)),
        "TokenInput": thing(
            name=TEXT, scope=scope, days={"type": "integer", "minimum": 1, "maximum": Token.MOST_DAYS}
        )
        | {"required": ["name"]},
        "TokenList": page("Token"),
    }
