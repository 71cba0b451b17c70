"""What is known of a member here: their situation, their reports in every state, what they did to others'."""

from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.own_data.sections import Item, Row, Section, items
from config.formats.written import date_format
from experiences.list_index.items import MEASURE_KEYS
from experiences.models import (
    DismissedKeyword,
    Experience,
    Flag,
    LogLine,
    Question,
    ShownName,
    Situation,
    Stake,
    VocabularyChange,
)  # fmt: skip
from experiences.models.first_signs import ROW
from experiences.models.questions import ordered

# Columns that say nothing about anybody: keys, and what is derived from the others.
TECHNICAL = ("id", "author", "event", "html", "order_key", "submission_key", "submission_digest", "page")


def sections(member):
    """Return what is known of `member` as someone who reports."""
    mine = Experience.objects.visible_to(member).filter(author=member).order_by("pk")
    reports = mine.for_detail().prefetch_related("log", "questions", "revisions", "redactions")
    flags = list(Flag.objects.filter(by=member).prefetch_related("thing"))
    lines = list(acts(member))
    asked = list(Question.objects.filter(by=member).select_related("report").order_by("pk"))
    stakes = {stake.slug: stake for stake in Stake.objects.all()}
    flagged = [row.object_id for row in flags if isinstance(row.thing, Experience)]
    seen = readable(member, [*flagged, *(row.report_id for row in [*lines, *asked])])
    return [
        Section("situation", _("My situation"), situation(member), single=True),
        Section("reports", _("My reports"), [report(row, stakes) for row in reports]),
        Section("flags", _("Alarms I raised"), [flag(row, seen) for row in flags]),
        Section("questions", _("Questions I asked"), [question(row, seen) for row in asked]),
        Section("names", _("Names of mine about which there was doubt"), names(member)),
        Section("names_decided", _("What I decided about names of others"), names_decided(member)),
        Section("acts", _("What I did to reports of others"), [act(row, seen) for row in lines]),
        Section("vocabulary", _("What I did to the vocabulary"), vocabulary(member)),
        Section("dismissed_keywords", _("Keywords I said are no terms"), dismissed(member)),
    ]


def situation(member):
    stated = Situation.of(member)
    if stated is None:
        return []
    return [Row([*items(stated, "stated_on"), contexts_item(stated.contexts.all())])]


def report(row, stakes):
    """Tell all of a report; `stakes` names them by slug."""
    labels = {
        "public_id": _("Identifier"),
        "version": _("Number of times it was written"),
        "created_at": _("Begun"),
        "submitted_at": _("Sent"),
        "published_at": _("Published"),
        "changed_at": _("Last change, as others may know it"),
        "saved_at": _("Last written by you"),
        "unsaved": _("Typed and not stored yet"),
    }
    chosen = labelled(
        "author_stakes",
        _("Stakes as I chose them, where a curator set others"),
        row.author_stakes,
        [stakes.get(slug, slug) for slug in row.author_stakes],
    )
    told = {*TECHNICAL, *labels, chosen.name, "unwanted_borne_by", "first_signs"}
    columns = [field.name for field in row._meta.concrete_fields if field.name not in told]
    return Row(
        [*items(row, *columns, **labels), bearers(row), *tag_items(row), chosen],
        title=str(row),
        url=row.get_absolute_url(),
        language=row.language,
        sections=report_sections(row),
    )


def report_sections(row):
    return [
        Section("first_signs", _("First signs"), [first_sign(one) for one in row.first_signs]),
        Section("measures", _("Measures"), [measure(one) for one in row.measures.all()]),
        Section("sources", _("Sources"), [source(one) for one in row.sources.all()]),
        Section("follow_ups", _("What has become of it"), [follow_up(one) for one in row.follow_ups.all()]),
        Section("questions", _("Questions of readers"), asked_of(row)),
        Section("history", _("History"), [line(one, row) for one in row.log.all()]),
        Section("revisions", _("What it said before"), [revision(one) for one in row.revisions.all()]),
        Section(
            "redactions", _("Words withheld by a moderator"), [redaction(one) for one in row.redactions.all()]
        ),
    ]


def tag_items(row):
    stakes, keywords = list(row.stakes.all()), sorted(keyword.name for keyword in row.keywords.all())
    return [
        labelled("stakes", _("Stakes"), [stake.slug for stake in stakes], stakes),
        contexts_item(row.contexts.all()),
        labelled("keywords", _("Keywords"), keywords, keywords),
    ]


def contexts_item(contexts):
    contexts = sorted(contexts, key=lambda one: (one.facet.position, one.position))
    by_facet = {}
    for context in contexts:
        by_facet.setdefault(context.facet.slug, []).append(context.slug)
    return labelled("contexts", _("Contexts"), by_facet, contexts)


def labelled(name, label, value, things):
    return Item(name, label, value, " · ".join(map(str, things)))


def measure(row):
    effect = Item("effect", capfirst(_("effect")), row.effect.slug, str(row.effect))
    figures = items(row, *(name for name in MEASURE_KEYS if name != "effect"))
    return Row([effect, *figures])


def bearers(row):
    return labelled(
        "unwanted_borne_by", capfirst(_("who bore it")), row.unwanted_borne_by, row.unwanted_bearers
    )


def first_sign(row):
    """A first sign, as the file and the page have it."""
    told = [(name, capfirst(field.verbose_name), row[name]) for name, field in ROW.items()]
    return Row(
        [
            Item(name, label, value, "" if value is None else str(value), written=True)
            for name, label, value in told
        ]
    )


def source(row):
    return Row([*items(row, "url", "label", "visibility")])


def follow_up(row):
    return Row([*items(row, "told_on", "verdict", "text", "moderation", "decision_note")])


def question(row, seen):
    """A question of one's own; what its report's author answered is theirs to tell."""
    answered = known_day(row, "answered_on")
    return Row(
        [about(row.report, seen), *items(row, "part", "text", "identity", "asked_on", "moderation"), answered]
    )


def asked_of(report):
    """Tell the questions about one's own report: not who asked, nor the day if they withhold their name."""
    return [
        Row(
            [
                *items(row, "part", "text", "reply", "moderation"),
                known_day(row, "asked_on"),
                known_day(row, "answered_on"),
            ]
        )
        for row in ordered(report.questions.all())
    ]


def known_day(row, name):
    """Return a day of a question as others may know it."""
    day, label = getattr(row, name), capfirst(row._meta.get_field(name).verbose_name)
    form = "DATE_FORMAT" if row.tells_days else "YEAR_MONTH_FORMAT"
    return Item(name, label, row.known(day), date_format(day, form) if day else "")


def revision(row):
    """A telling as it was kept; on the page, the words of its author, and all of it in the file."""
    texts = [
        Item(
            name,
            capfirst(Experience._meta.get_field(name).verbose_name),
            row.told.get(name, ""),
            row.told.get(name, ""),
            written=True,
        )
        for name in ("title", *Experience.TEXTS)
    ]
    rest = {name: value for name, value in row.told.items() if name not in ("title", *Experience.TEXTS)}
    kind = Item("kind", _("What was done"), row.kind, row.get_kind_display())
    return Row([when(row), kind, *texts, *(Item(name, name, value) for name, value in rest.items())])


def redaction(row):
    """That words were withheld; what they were is for moderators alone."""
    return Row([when(row), *items(row, "note")])


def line(row, about):
    """A line of a report's history: people besides the author are not named, for their names are theirs."""
    return Row([when(row), said(row), Item("by", _("By"), *who(row, about)), *why(row)])


def who(row, about):
    """Return (value, words) for who did it, as the author may know."""
    if row.by_id and row.by_id == about.author_id:
        return "me", _("me")
    if row.is_by_the_site:
        return "site", _("the site itself")
    if row.is_by_a_reader:
        return "reader", _("a reader")
    return "curator", _("a curator")


def when(row, exact=True):
    if not exact:
        return Item("at", _("When"), row.at.strftime("%Y-%m"), date_format(row.at, "YEAR_MONTH_FORMAT"))
    return Item("at", _("When"), row.at.isoformat(), date_format(localtime(row.at), "DATETIME_FORMAT"))


def said(row):
    return Item("verb", _("What was done"), row.verb, str(row.said))


def why(row):
    yield Item("reason", _("Reason"), row.reason, str(row.get_reason_display()))
    yield Item("note", _("Note"), row.note, row.note, written=True)


def flag(row, seen):
    what = items(row, "reason", "note", "part", at=_("When"), settled_at=_("Settled"))
    if isinstance(row.thing, Experience):
        return Row([about(row.thing, seen), *what])
    kind = row.content_type
    return Row([Item("about", _("About"), kind.model, str(kind.model_class()._meta.verbose_name)), *what])


def names(member):
    """Tell what moderators decided on a name: not that one is in doubt, nor who decided."""
    decided = ShownName.objects.filter(member=member).exclude(decided_at=None)
    return [Row([*items(row, "name", "status", "note", decided_at=_("When"))]) for row in decided]


def names_decided(member):
    """Whose name it was is about others: only what was decided, and why, is told."""
    decided = ShownName.objects.filter(decided_by=member)
    return [Row([*items(row, "status", "note", decided_at=_("When"))]) for row in decided]


def acts(member):
    others = (
        LogLine.objects.filter(by=member).exclude(report__author=member).exclude(verb__in=LogLine.BY_A_READER)
    )
    return others.select_related("report")


def act(row, seen):
    exact = row.report.identity == Experience.Identity.NAMED  # Nobody else learns more than the month.
    return Row([about(row.report, seen), when(row, exact), said(row), *why(row)])


def vocabulary(member):
    """Tell which terms of the closed lists `member` changed, how and why."""
    changes = VocabularyChange.objects.filter(by=member).order_by("pk")
    return [
        Row([*items(row, "address"), when(row), said(row), *items(row, "note"), changed(row)])
        for row in changes
    ]


def dismissed(member):
    rows = DismissedKeyword.objects.filter(by=member).select_related("keyword").order_by("pk")
    return [Row([Item("keyword", _("Keyword"), row.keyword.name), when(row)]) for row in rows]


def changed(row):
    """Say what a change of the vocabulary wrote, as the file has it."""
    return Item("details", _("What it wrote"), row.details)


def readable(member, keys):
    return set(Experience.objects.visible_to(member).filter(pk__in=keys).values_list("pk", flat=True))


def about(row, seen):
    """Say which report of someone else it was, if its key is in `seen`: what the member may know of."""
    if row.pk not in seen:
        return Item("report", _("Report"), None, _("a report you can no longer read"))
    return Item("report", _("Report"), row.public_id, str(row), url=row.get_absolute_url())
