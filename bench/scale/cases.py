"""What is asked: each case by its name, as one request or two."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.crypto import get_random_string

from bench.scale.goals import BARE, FLOOR, INSERTS, KEPT_PAGE, NAIVE
from bench.scale.requests import CSRF, Request
from experiences.models import Context, Stake

API, LIST = "/api/v1/experiences/", "/experiences/"
TEXT = "We moved the list to a forum, and ran both for three months. Eight posters in ten came along. "
TEXTS = {"situation": TEXT * 4, "action": TEXT * 5, "result": TEXT * 3, "lessons": TEXT * 2}


@dataclass(frozen=True)
class Case:
    """`request`, or what makes the one for each turn; `then` makes a second of the first answer."""

    name: str
    request: Request | Callable
    status: int = 200
    then: Callable | None = None
    is_conditional: bool = False  # asked again with the validator of its first answer
    writes: bool = False

    @property
    def is_read_by_visitors(self):
        return not self.writes and self.request_of(0).who == "visitor"

    def request_of(self, turn):
        return self.request(turn) if callable(self.request) else self.request

    def ask(self, client, turn=0):
        """Send it; return the last answer, or raise Unexpected."""
        answer = client.ask(self.request_of(turn))
        if self.then and answer.status < 300:
            answer = client.ask(self.then(answer))
        if answer.status != self.status:
            raise Unexpected(answer)
        return answer

    def with_validator(self, client):
        """Return the case as it is asked: with the validator that its answer has now, if it is about one."""
        if not self.is_conditional:
            return self
        answer = client.ask(self.request)
        asking = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        for name, condition in asking.items():
            if answer.headers.get(name):
                headers = self.request.headers | {condition: answer.headers[name]}
                return replace(self, request=replace(self.request, headers=headers), is_conditional=False)
        raise Unexpected(answer, "no validator")


class Unexpected(Exception):
    """Another answer than the case is about."""

    def __init__(self, answer, why=""):
        super().__init__(why or f"answered {answer.status}")


def cases(samples, people):
    """Return the cases that read, then those that write."""
    reads = [*compared(), *programs(samples), *searches(samples), *pages(samples), *unchanged(samples)]
    return [*reads, *posted(samples, people)]


def compared():
    """Yield what the others are compared with."""
    yield Case(FLOOR, Request("/bench/floor/"))
    yield Case(BARE, Request("/bench/floor/?bare"))
    yield Case(NAIVE, Request("/bench/naive/"))


def programs(samples):
    """Yield what programs read."""

    def read(name, address, who="visitor", **params):
        query = f"?{urlencode(params, doseq=True)}" if params else ""
        return Case(f"API {name}", Request(f"{address}{query}", who))

    tags, member = samples.tags, "member's program"
    excluded = {"not_stake": samples.stake, "not_audience": tags["common"]["audience"]}
    yield read("list", API)
    yield read("list of 100", API, page_size=100)
    yield read("list at 50 %", API, cursor=samples.middle)
    yield read("list with facets", API, facets=1)
    for name, three in tags.items():
        yield read(f"3 tags, {name}, with facets", API, **three, facets=1)
    yield read("1 stake with facets", API, stake=samples.stake, facets=1)
    yield read("exclusion with facets", API, **excluded, facets=1)
    yield read("updated since", API, updated_since=samples.month)
    yield read("strength R3 or more", API, min_strength="R3")
    yield read("likeness", API, member, ordering="likeness")
    yield read("detail", f"{API}{samples.report.public_id}/")
    yield read("detail, cited", f"{API}{samples.cited.public_id}/")
    yield read("practices", "/api/v1/practices/")
    yield read("practices with facets", "/api/v1/practices/", facets=1)
    yield read("practice", f"/api/v1/practices/{samples.practice.slug}/")
    for name in ("stakes", "contexts", "competencies"):
        yield read(name, f"/api/v1/{name}/")


def searches(samples):
    """Yield what is looked for in words: ranked, counted, with facets and what matches of each."""
    words = samples.words
    for name, q in (
        ("commonest word", words.commonest),
        ("10 % word", words.tenth),
        ("rare word", words.rare),
        ("seven words", words.seven),
    ):
        yield Case(f"API search, {name}", Request(f"{API}?{urlencode({'q': q, 'facets': 1})}"))
        yield Case(f"API search of all kinds, {name}", Request(f"/api/v1/search/?{urlencode({'q': q})}"))
    yield Case("API search, common words, each new", each_new(words.each_new))
    yield made("search page, 10 % word", f"/search/?{urlencode({'q': words.tenth})}")
    yield Case("suggestions", Request(f"/search/suggestions/?{urlencode({'q': words.tenth[:4]})}"))


def each_new(words):
    """Return what asks for another of `words` each time: what is found is kept until a list changes."""

    def request(turn):
        return Request(f"{API}?{urlencode({'q': words[turn % len(words)], 'facets': 1})}")

    return request


def pages(samples):
    """Yield what people read."""
    for name, address in (
        ("HTML list", LIST),
        ("HTML list at 50 %", f"{LIST}?{urlencode({'cursor': samples.middle})}"),
        ("HTML list, 3 tags", f"{LIST}?{urlencode(samples.tags['common'])}"),
        ("HTML detail", samples.report.get_absolute_url()),
        ("HTML detail, cited", samples.cited.get_absolute_url()),
        ("home", "/"),
        ("stakes", "/stakes/"),
        ("a stake", f"/stakes/{samples.stake}/"),
        ("evidence map", "/map/"),
        ("role map", "/role/"),
        ("glossary", "/glossary/"),
        ("practices", "/practices/"),
        ("practices, one context", f"/practices/?audience={samples.tags['common']['audience']}"),
        ("a practice", samples.practice.get_absolute_url()),
    ):
        yield made(name, address)
        yield Case(f"{name}{KEPT_PAGE}", Request(address))
    for name, address, *who in (
        ("HTML list, signed in", LIST, "member"),
        ("HTML list, likeness", f"{LIST}?ordering=likeness", "member"),
        ("HTML detail, signed in", samples.report.get_absolute_url(), "member"),
        ("home, signed in", "/", "member"),
        ("practices, likeness", "/practices/?ordering=likeness", "member"),
        ("feed of reports", "/feeds/experiences/"),
        ("feed of practices", "/feeds/practices/"),
        ("sitemap", "/sitemap.xml"),
        ("sitemap, reports", "/sitemap-reports.xml"),
        ("desk", "/practices/desk/", "curator"),
        ("clusters", "/practices/clusters/", "curator"),
        ("report form", "/experiences/new/", "member"),
        ("my reports", "/experiences/mine/", "member"),
    ):
        yield Case(name, Request(address, *who))
    yield Case("near while writing", Request("/practices/near/", "member", "POST", form=begun(samples)))


def made(name, address):
    """Return the case of a page that is made anew each time: a visitor's cookies may change what it says, so
    that it is kept for those alone whose are the same.
    """

    def request(turn):
        return Request(address, headers={"Cookie": f"csrftoken={CSRF}; turn={turn}"})

    return Case(name, request)


def unchanged(samples):
    """Yield what is asked again although nothing has changed."""
    for name, address in (
        ("304 API list", API),
        ("304 API detail", f"{API}{samples.report.public_id}/"),
        ("304 HTML list", LIST),
        ("304 HTML detail", samples.report.get_absolute_url()),
        ("304 home", "/"),
        ("304 stakes", "/stakes/"),
        ("304 evidence map", "/map/"),
        ("304 practices", "/practices/"),
        ("304 a practice", samples.practice.get_absolute_url()),
        ("304 API practices", "/api/v1/practices/"),
        ("304 feed", "/feeds/experiences/"),
        ("304 feed of practices", "/feeds/practices/"),
        ("304 sitemap", "/sitemap.xml"),
    ):
        yield Case(name, Request(address), status=304, is_conditional=True)


# --- What is written ---------------------------------------------------------------------------------


def begun(samples):
    """Return the form of a report as it stands while it is written."""
    report = samples.cited
    told = {name: getattr(report, name) for name in TEXTS}
    return told | {"title": report.title, "language": report.language, "stakes": stakes(samples)} | CONTEXTS


CONTEXTS = {
    "audience": ["external"],
    "kind": ["open-source"],
    "community-size": ["c-1k-9k"],
    "platform": ["chat", "forum"],
    "sector": ["finance"],
}


def stakes(samples):
    return sorted(samples.stakes, key=samples.stakes.get)[-3:]


def nine_tags(samples):
    """Return the rows of the tags that posted reports have: stakes, contexts."""
    names = [f"{facet}={slug}" for facet, slugs in CONTEXTS.items() for slug in slugs]
    contexts = Context.objects.filter(name__in=names).select_related("facet")
    return list(Stake.objects.filter(slug__in=stakes(samples))), list(contexts)


def told(samples, turn):
    """Return a whole report with nine tags, as a program tells it."""
    return TEXTS | {
        "title": f"Told by a program, {turn} {get_random_string(6)}", "verdict": "worked",
        "identity": "named", "language": "en", "stakes": stakes(samples), "contexts": CONTEXTS,
    }  # fmt: skip


def posted(samples, people):
    """Yield what is written, by a member whose reports are published at once."""

    def inserted(turn):
        keys = dict(zip(("stake", "context"), ([tag.pk for tag in tags] for tags in both), strict=True))
        words = {"title": f"Inserted {turn}", "text": TEXT * 4, "author": people.rows["writer"].pk}
        return Request("/bench/inserts/?bare", method="POST", form=words | keys)

    def created(turn):
        return Request(API, "writer's program", "POST", data=told(samples, turn))

    def submitted(answer):
        return Request(f"{answer_id(answer)}submit/", "writer's program", "POST", data={})

    def sent(turn):
        words = {name: value for name, value in told(samples, turn).items() if name != "contexts"}
        key = get_random_string(12)
        return Request(
            "/experiences/new/", "writer", "POST",
            form=words | CONTEXTS | {"submission_key": key, "page": key, "do": "send"},
        )  # fmt: skip

    both = nine_tags(samples)
    yield Case(INSERTS, inserted, writes=True)
    yield Case("API create", created, 201, writes=True)
    yield Case("API create and submit", created, 200, then=submitted, writes=True)
    yield Case("form sent", sent, 302, writes=True)


def answer_id(answer):
    """Return the path of the report that an answer of the API is about."""
    return f"{API}{json.loads(answer.body)['id']}/"
