"""All that the site knows about a member, from all its parts."""

from collections import Counter

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Notification, User
from accounts.own_data import sections as account
from accounts.own_data.sections import Item, Row, Section, items
from config.formats.written import date_format
from experiences import own_data as reports
from practices.inbox.sentences import with_sentences
from practices.models import (
    Comment,
    Dismissal,
    Evidence,
    KeptSearch,
    LogLine,
    Material,
    Practice,
    PracticeVersion,
    SameOrganisation,
    Trial,
)


def sections(member):
    """Return everything the site knows about `member`, and nothing about anyone else."""
    trials = (
        Trial.objects.filter(by=member)
        .select_related("practice__current", "report")
        .prefetch_related("contexts__facet")
    )
    return [
        *account.sections(member),
        *reports.sections(member),
        Section("trials", _("Practices I tried"), [trial(row) for row in trials]),
        Section("practices", _("Practices I worked on"), practices(member)),
        Section("searches", _("Kept searches"), searches(member)),
        Section("notifications", _("Notifications"), notifications(member)),
        Section("dismissals", _("Reports I set aside"), dismissals(member)),
        Section("organisations", _("Names I said to be of one organisation"), organisations(member)),
    ]


def as_data(member):
    """Return the same as one JSON object."""
    made = {"made_at": timezone.now().isoformat(timespec="seconds")}
    return made | {section.name: section.as_data() for section in sections(member)}


def trial(row):
    return Row(
        [
            Item("practice", _("Practice"), row.practice.slug if row.practice.is_shown else None),
            *items(row, "verdict", "line", "identity", "moderation", "decision_note", tried_on=_("Tried on")),
            reports.contexts_item(row.contexts.all()),
            grown_into(row.report),
        ],
        title=row.practice_title,
        url=row.practice.get_absolute_url() if row.practice.is_shown else "",
    )


def grown_into(report):
    label = _("Told as a whole in")
    if report is None:
        return Item("report", label, None)
    return Item("report", label, report.public_id, str(report), url=report.get_absolute_url())


def worked_on(member):
    """Return the practices `member` began, edited, published or put a report to."""
    logged = LogLine.objects.filter(by=member).values("practice")
    cited = Evidence.objects.filter(cited_by=member).values("claim__practice")
    gathered = Material.objects.filter(added_by=member).values("practice")
    mine = Q(created_by=member) | Q(pk__in=logged) | Q(pk__in=cited) | Q(pk__in=gathered) | Q(editors=member)
    return Practice.objects.filter(mine | Q(versions__published_by=member)).distinct().order_by("pk")


def practices(member):
    """Return what `member` did to each practice, in as many queries for many as for few."""
    own = {
        "versions": PracticeVersion.objects.filter(published_by=member),
        "editors": User.objects.filter(pk=member.pk),
        "material": Material.objects.filter(added_by=member),
        "log": LogLine.objects.filter(by=member).exclude(verb="graded"),
        "comments": Comment.objects.filter(by=member),
    }
    only_own = [Prefetch(name, found, to_attr=f"own_{name}") for name, found in own.items()]
    rows = list(worked_on(member).prefetch_related("current", *only_own))
    keys = [row.pk for row in rows]
    readable = set(Practice.objects.visible_to(member).filter(pk__in=keys).values_list("pk", flat=True))
    cited = Evidence.objects.filter(cited_by=member, claim__practice__in=keys, claim__version=None)
    numbers = Counter(cited.values_list("claim__practice", flat=True))
    return [practice(row, member, row.pk in readable, numbers[row.pk]) for row in rows]


def practice(row, member, readable, cited):
    """What `member` did to a practice; the words are given only while they may be read."""
    title = (row.current or row).title if readable else _("a practice you can no longer read")
    versions = [version.number for version in row.own_versions]
    gathered = len(row.own_material)
    return Row(
        [
            Item("practice", _("Practice"), row.slug if readable else None),
            yes("began", _("I began it"), row.created_by_id == member.pk),
            yes("edited", _("I edited its next version"), bool(row.own_editors)),
            Item("published", _("Versions I published"), versions, ", ".join(map(str, versions))),
            Item("attached", _("Reports I attached to it"), cited, str(cited or "")),
            Item("gathered", _("Reports I gathered for it"), gathered, str(gathered or "")),
        ],
        title=title,
        url=row.get_absolute_url() if readable else "",
        sections=[
            Section(
                "acts",
                _("What I did"),
                [act(one) for one in row.own_log],
            ),
            Section(
                "comments",
                _("Comments I wrote"),
                [comment(one, readable) for one in row.own_comments],
            ),
        ],
    )


def comment(row, readable):
    """A comment of one's own; the claim it is about is given only while it may be read."""
    about = row.about if readable else None
    return Row(
        [
            Item("text", _("Comment"), row.text, row.text, written=True),
            Item("about", _("About the claim"), about, about or ""),
            *items(row, at=_("When"), settled_at=_("Settled")),
        ]
    )


def yes(name, label, value):
    return Item(name, label, value, _("yes") if value else "")


def act(row):
    verb = Item("verb", _("What was done"), row.verb, row.desk_sentence)
    note = Item(
        "note", _("Note"), row.note, row.note if row.verb in ("returned", "retired") else "", written=True
    )
    at = Item("at", _("When"), row.at.isoformat(), date_format(localtime(row.at), "DATETIME_FORMAT"))
    return Row([at, verb, note])


def searches(member):
    """Return the searches that `member` keeps, with what mails told of them."""
    labels = {
        "created_at": _("Kept since"),
        "looked_at": _("Last looked at"),
        "mailed_at": _("Last e-mail"),
        "told_until": _("Looked through for you until"),
    }
    return [
        Row(
            [
                Item("id", _("Identifier"), row.public_id, row.public_id),
                *items(row, "name", "kind", "query", "alert", **labels),
            ],
            title=row.name,
            url=row.get_absolute_url(),
        )
        for row in KeptSearch.objects.filter(owner=member).order_by("pk")
    ]


def told_on(at):
    """The day alone: what a curator was told may be of a report without a name."""
    day = localtime(at).date()
    return Item("told_on", _("When"), day.isoformat(), date_format(day, "DATE_FORMAT"))


def notifications(member):
    """Return what `member` was told on the site, as its page says it."""
    rows = list(Notification.objects.filter(member=member).order_by("pk"))
    return [
        Row(
            [
                Item("id", _("Identifier"), row.public_id),
                Item("text", _("What it says"), row.sentence.text, row.sentence.text),
                *items(row, kind=_("Kind"), read_at=_("Read")),
                told_on(row.at),
                Item("about", _("About"), row.about),
                Item("facts", _("What else it needs"), row.facts),
            ],
            url=row.sentence.url,
        )
        for row in with_sentences(rows, member)
    ]


def dismissals(member):
    """Return which reports `member` keeps out of the clusters of a stake."""
    rows = list(Dismissal.objects.filter(by=member).select_related("report", "stake"))
    seen = reports.readable(member, [row.report_id for row in rows])
    return [
        Row([reports.about(row.report, seen), Item("stake", _("Stake"), row.stake.slug, str(row.stake))])
        for row in rows
    ]


def organisations(member):
    """Return which names `member` said to be of one organisation, or to be of two again."""
    rows = SameOrganisation.objects.filter(Q(by=member) | Q(undone_by=member))
    return [
        Row(
            [
                *items(row, "name", "other", at=_("When"), undone_at=_("Undone")),
                yes("said", _("I said so"), row.by_id == member.pk),
                yes("undid", _("I undid it"), row.undone_by_id == member.pk),
            ]
        )
        for row in rows
    ]
