"""The same lists by plain ORM, through taggit's own tables: what every faster way must answer too."""

import json
from urllib.parse import urlencode

from django.db.models import Count

from bench.scale.cases import API
from bench.scale.requests import Request
from experiences.models import Experience, Facet, ReportContext, ReportStake
from experiences.search.similarity import known, likeness

PAGE = 25
COMPARED = 5  # items of a list, each with the whole report


def differences(client, samples, people):
    """Yield a sentence for each answer of the site that is not the plain one."""
    for params in addresses(samples):
        yield from list_differences(client, params)
    yield from item_differences(client)
    yield from likeness_differences(client, people.rows["member"])
    yield from number_differences(client)


def addresses(samples):
    """Yield the parameters of lists to compare, each value a list."""
    common, mid = samples.tags["common"], samples.tags["mid"]
    yield {}
    yield from ({name: [value] for name, value in tags.items()} for tags in samples.tags.values())
    yield {"stake": [samples.stake]}
    yield {"stake": sorted(samples.stakes, key=samples.stakes.get)[-2:]}
    yield {"kind": [common["kind"], mid["kind"]], "audience": [common["audience"]]}
    yield {"not_stake": [samples.stake], "not_audience": [common["audience"]]}
    yield {"updated_since": [samples.month]}
    yield {"min_strength": ["R3"], "stake": [samples.stake]}
    yield {"verdict": ["worked", "backfired"], "language": ["fr"]}


# --- One list ----------------------------------------------------------------------------------------


def list_differences(client, params):
    query = urlencode(params | {"facets": 1}, doseq=True)
    answer = json.loads(client.ask(Request(f"{API}?{query}")).body)
    pages = [answer]
    if answer["next"]:
        pages.append(json.loads(client.ask(Request(answer["next"].partition("localhost")[2])).body))
    rows = fitting(params)
    told = [item["id"] for page in pages for item in page["results"]]
    expected = list(rows.order_by("-order_key").values_list("public_id", flat=True)[: PAGE * 2])
    if told != expected:
        yield f"{query}: other reports, or in another order."
    if answer["count_is_exact"] and answer["count"] != rows.count():
        yield f"{query}: {answer['count']} reports, by plain tables {rows.count()}."
    for name, numbers in facets(params):
        told = {value: number for value, number in answer["facets"].get(name, {}).items() if number}
        if told != numbers:
            yield f"{query}: the numbers of {name} differ."


def fitting(params, without=None):
    """Return the published reports that `params` ask for; `without` names one that is left out."""
    given = {name: values for name, values in params.items() if name != without}
    rows = Experience.objects.filter(status="published")
    for slug in given.pop("stake", ()):
        rows = rows.filter(stakes__slug=slug)
    rows = rows.exclude(pk__in=rows.filter(stakes__slug__in=given.pop("not_stake", ())).values("pk"))
    for name in given.keys() & {"verdict", "language"}:
        rows = rows.filter(**{f"{name}__in": given.pop(name)})
    for least in given.pop("min_strength", ()):
        rows = rows.filter(strength__gte=Experience.Strength[least])
    for since in given.pop("updated_since", ()):
        rows = rows.filter(changed_at__gte=f"{since}T00:00:00Z")
    for facet, slugs in given.items():
        names = [f"{facet.removeprefix('not_')}={slug}" for slug in slugs]
        having = Experience.objects.filter(contexts__name__in=names).values("pk")
        rows = rows.exclude(pk__in=having) if facet.startswith("not_") else rows.filter(pk__in=having)
    return rows.distinct()


def facets(params):
    """Yield (facet, {value: how many reports}): of each facet without its own choice, but of all stakes."""
    yield "stake", numbers(ReportStake.objects.filter(content_object__in=keys(params)), "tag__slug")
    facets = dict(Facet.objects.values_list("slug", "pk"))
    everything = ReportContext.objects.filter(content_object__in=keys(params))
    counted = numbers(everything, "tag__name")
    for facet in facets.keys() - params.keys():
        prefix = f"{facet}="
        yield facet, {name.removeprefix(prefix): counted[name] for name in counted if name.startswith(prefix)}
    for facet in facets.keys() & params.keys():
        links = ReportContext.objects.filter(tag__facet=facets[facet], content_object__in=keys(params, facet))
        yield facet, numbers(links, "tag__slug")
    for name in ("verdict", "language"):
        yield name, numbers(Experience.objects.filter(pk__in=keys(params, name)), name)


def keys(params, without=None):
    return fitting(params, without).values("pk")


def numbers(rows, column):
    return dict(rows.order_by().values_list(column).annotate(Count("pk", distinct=True)))


# --- What else is kept beside the truth --------------------------------------------------------------


def item_differences(client):
    """Yield what an item of the list says otherwise than the report itself."""
    for item in json.loads(client.ask(Request(API)).body)["results"][:COMPARED]:
        whole = json.loads(client.ask(Request(f"{API}{item['id']}/")).body)
        for name in item.keys() & whole.keys():
            if not alike(item[name], whole[name]):
                yield f"{name} of {item['id']} in the list is not that of the report."


def alike(one, other):
    """Whether two values say the same: tags have no order of their own."""
    tags = isinstance(one, list) and all(isinstance(tag, str) for tag in one)
    return sorted(one) == sorted(other) if tags else one == other


def likeness_differences(client, member):
    """Yield where what is less like the situation of `member` comes first."""
    answer = client.ask(Request(f"{API}?ordering=likeness", "member's program"))
    order = [item["id"] for item in json.loads(answer.body)["results"]]
    mine = known(member.situation.contexts.select_related("facet"))
    reports = Experience.objects.filter(public_id__in=order).prefetch_related("contexts__facet")
    scores = {one.public_id: likeness(mine, known(one.contexts.all())) or 0 for one in reports}
    given = [round(scores[key], 6) for key in order]
    if given != sorted(given, reverse=True):
        yield "By likeness, a report comes before one that is more like the situation."


def number_differences(client):
    """Yield terms whose kept number of reports is not that of the links."""
    for name, model in (("stakes", ReportStake), ("contexts", ReportContext)):
        counted = numbers(model.objects.filter(content_object__status="published"), "tag__name")
        answer = json.loads(client.ask(Request(f"/api/v1/{name}/")).body)
        # taggit's name of a context begins with its facet.
        told = {
            "=".join(filter(None, (row.get("facet"), row["slug"]))): row["reports"]
            for row in answer["results"]
        }
        if told != {term: counted.get(term, 0) for term in told}:
            yield f"The numbers of reports of {name} differ."
