"""What the site knows about a member: a page shows it, a file and the API give the same as data.

Each app tells what it keeps, as sections of rows of items; `practices.own_data.data` puts them together.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import (
    Invitation,
    Notification,
    OutgoingMail,
    Receipt,
    SiteChange,
    TermsAcceptance,
    Token,
)
from config.formats.written import date_format

# Told last, or, as the password, kept as a mark from which it cannot be had back.
UNTOLD = ("id", "password", "date_joined", "last_login", "is_superuser", "notification_choices")


@dataclass
class Item:
    """One thing that is known: its name and value in the data, its label and words on the page."""

    name: str
    label: str
    value: object
    shown: str = ""
    url: str = ""
    written: bool = False  # by the member, in the language of the row


@dataclass
class Row:
    items: list
    title: str = ""
    url: str = ""
    language: str = ""
    sections: list = field(default_factory=list)

    @property
    def shown(self):
        return [item for item in self.items if item.shown]

    def as_data(self):
        data = {item.name: item.value for item in self.items}
        return data | {section.name: section.as_data() for section in self.sections}


@dataclass
class Section:
    name: str
    title: str
    rows: list
    single: bool = False  # there can only be one row

    def as_data(self):
        rows = [row.as_data() for row in self.rows]
        if self.single:
            return rows[0] if rows else None
        return rows


def items(row, *names, **labels):
    """Yield an Item for each column of `names`, then of `labels`, which say what the columns do not."""
    for name in (*names, *labels):
        column = row._meta.get_field(name)
        value = getattr(row, name)
        yield Item(
            name,
            str(labels.get(name) or capfirst(column.verbose_name)),
            as_json(column, value),
            words(row, column, value),
            written=not column.choices and isinstance(value, str),
        )


def leaves(value):
    """Yield the texts and numbers in what JSON holds, however deep."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    elif value not in (None, ""):
        yield str(value)


def as_json(column, value):
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.strftime("%Y-%m") if is_month(column) else value.isoformat()
    return value


def words(row, column, value):
    """Return `value` as the page says it; "" says nothing."""
    if value is None or value == "":
        return ""
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(value, dict):
        return " · ".join(leaves(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "YEAR_MONTH_FORMAT" if is_month(column) else "DATE_FORMAT")
    return str(value)


def is_month(column):
    return type(column).__name__ == "Month"


def sections(member):
    """Return what is known of the account itself."""
    roles = [group.name for group in member.groups.order_by("name")]
    # Every column, so that one added later is told too.
    columns = [column.name for column in member._meta.concrete_fields if column.name not in UNTOLD]
    profile = [
        *items(member, *columns, "is_superuser", date_joined=_("Joined"), last_login=_("Last signed in")),
        Item("roles", _("Roles"), roles, ", ".join(roles)),
        choices_item(member),
    ]
    return [
        Section("profile", _("My profile"), [Row(profile)], single=True),
        Section(
            "addresses", _("My e-mail addresses"), [address(row) for row in member.emailaddress_set.all()]
        ),
        Section(
            "second_steps", _("Second steps when signing in"), [step(row) for row in second_steps(member)]
        ),
        Section(
            "connections",
            _("Accounts elsewhere that open mine"),
            [connection(row) for row in connections(member)],
        ),
        Section("invitations", _("Invitations I accepted"), [invitation(row) for row in invitations(member)]),
        Section("invitations_sent", _("Invitations I sent"), [sent(row) for row in invitations_sent(member)]),
        Section("terms", _("Terms of use I accepted"), [acceptance(row) for row in acceptances(member)]),
        Section("site_changes", _("What I changed of the site"), [change(row) for row in changes(member)]),
        Section(
            "tokens", _("Tokens for my programs"), [token(row) for row in Token.objects.filter(user=member)]
        ),
        Section("mails", _("E-mails waiting to be sent to me"), [mail(row) for row in waiting(member)]),
        Section("answers", _("Answers kept for my programs"), [receipt(row) for row in receipts(member)]),
        Section("administration", _("What I did in the administration"), [act(row) for row in acts(member)]),
    ]


def choices_item(member):
    """What the member chose of single kinds of notifications, apart from the choice of e-mails."""
    value, labels = member.notification_choices, dict(Notification.Kind.choices)
    ways = {"mail": _("By e-mail"), "site": _("On the site")}
    said = []
    for name, wanted in value.items():
        way, _colon, kind = name.partition(":")
        said.append(f"{ways[way]}, {labels.get(kind, kind)}: {_('yes') if wanted else _('no')}")
    return Item("notification_choices", _("Notifications chosen one by one"), value, " · ".join(said))


def address(row):
    return Row([*items(row, email=_("Address"), verified=_("Confirmed"), primary=_("Main address"))])


def second_steps(member):
    return member.authenticator_set.order_by("pk")


def step(row):
    return Row([*items(row, type=_("Kind"), created_at=_("Made"), last_used_at=_("Last used"))])


def connections(member):
    return member.socialaccount_set.order_by("pk")


def connection(row):
    labels = {
        "provider": _("Provider"),
        "date_joined": _("Since"),
        "last_login": _("Last signed in"),
        "uid": _("Known there as (a mark from which it cannot be had back)"),
        "extra_data": _("What it told of me"),
    }
    return Row([*items(row, **labels)])


def invitations(member):
    """Return those that `member` accepted, or that wait for them."""
    mine = Q(accepted_by=member) | Q(email__in=addresses(member))
    return Invitation.objects.filter(mine).select_related("group").order_by("pk")


def invitation(row):
    labels = {"email": _("Sent to"), "language": _("Language"), "sent_at": _("Sent")}
    group = row.group.name if row.group else ""
    return Row([*items(row, **labels, accepted_at=_("Accepted")), Item("role", _("Role"), group, group)])


def invitations_sent(member):
    return Invitation.objects.filter(invited_by=member).order_by("pk")


def sent(row):
    """To whom is about others: only that it was sent is told."""
    return Row([*items(row, invited_at=_("When"), language=_("Language"))])


def acceptances(member):
    return TermsAcceptance.objects.filter(member=member).select_related("text").order_by("pk")


def acceptance(row):
    number, day = row.text.number, row.text.published_on
    return Row(
        [
            Item("version", _("Version"), number, str(number)),
            Item("published_on", _("Of"), day.isoformat(), date_format(day, "DATE_FORMAT")),
            *items(row, accepted_at=_("Accepted")),
        ],
        url=reverse("site-text-version", args=["terms", number]),
    )


def changes(member):
    return SiteChange.objects.filter(by=member).order_by("pk")


def change(row):
    return Row([*items(row, at=_("When"), verb=_("What was done"))])


def token(row):
    return Row([*items(row, "name", "scope", created=_("Made"), expiry=_("Works until"))])


def waiting(member):
    return OutgoingMail.objects.filter(recipient__in=addresses(member)).order_by("pk")


def addresses(member):
    """Return every address the member is reached by, in the cases it may be written in."""
    known = {member.email, *member.emailaddress_set.values_list("email", flat=True)}
    return known | {one.lower() for one in known}


def mail(row):
    labels = {
        "created_at": _("Written"),
        "recipient": _("Sent to"),
        "subject": _("Subject"),
        "body": _("Text"),
    }
    return Row([*items(row, **labels)], language=row.language)


def receipts(member):
    return Receipt.objects.filter(member=member).order_by("pk")


def receipt(row):
    labels = {"created_at": _("Given"), "key": _("Key"), "status": _("Status"), "answer": _("Answer")}
    return Row([*items(row, **labels)])


def acts(member):
    return LogEntry.objects.filter(user=member).order_by("pk")


def act(row):
    """What was done to whom is about others: only that it was done is told."""
    return Row([*items(row, action_time=_("When"), action_flag=_("What was done"))])
